import type { Locator, Page } from '@playwright/test'
import type { ApiUser } from './api-user'
import { ImportPage } from './people'
import { demoPassword, linkMailedTo, people, type Rekey, signIn } from './rekey'

const { owner, admin, member } = people
const newPassword = 'Brisk-Meadow-41'

/** The demo that the screens of a group show. */
export interface Demo {
  readonly page: Page
  readonly rekey: Rekey
  readonly mailbox: Parameters<typeof linkMailedTo>[0]
  /** The owner, with another browser. */
  readonly api: ApiUser
  /** Signs in a user with a browser of their own. */
  readonly userOf: (login: string) => Promise<ApiUser>
  /** The values of placeholders in addresses: `:member` stands for the id of that user. */
  readonly values: Record<string, string>
}

/** A page, a dialog or a menu. */
export interface Screen {
  readonly name: string
  readonly path: string
  /** Prepares the demo before the address opens. */
  readonly before?: (demo: Demo) => Promise<unknown>
  /** The control that opens the dialog or menu with the keyboard. The focus returns to it. */
  readonly opener?: (page: Page) => Locator
  /** The item in the menu of the opener that opens the dialog. */
  readonly item?: string
  /** Completes the screen. */
  readonly complete?: (demo: Demo) => Promise<unknown>
  /** What can be seen when the screen is complete. */
  readonly shown: (page: Page) => Locator
  /** Whether Escape keeps the dialog open, because it shows what cannot be shown again. */
  readonly staysOpen?: boolean
  /** Where the focus returns to if the opener is gone. */
  readonly returnsTo?: (page: Page) => Locator
  /** The width in which the screen exists, if it does not exist in each. */
  readonly width?: number
}

/** Screens that share a demo and a session. */
export interface Group {
  readonly name: string
  /** The login of the user who is signed in. Nobody is if it is missing. */
  readonly login?: string
  /** Whether Rekey is newly installed, without users, a mail server and an SMS gateway. */
  readonly isNew?: boolean
  /** Creates what the screens show. */
  readonly prepare?: (demo: Demo) => Promise<unknown>
  readonly screens: readonly Screen[]
}

const button = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .filter({ visible: true })
    .first()
const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name })
const text = (words: string | RegExp) => (page: Page) =>
  page.getByText(words).filter({ visible: true }).first()
const dialog = (page: Page) => page.getByRole('dialog').last()
const inDialog = (words: string | RegExp) => (page: Page) => dialog(page).getByText(words).first()
const menu = (page: Page) => page.getByRole('menu')
const field = (label: string) => (page: Page) => page.getByLabel(label, { exact: true })
const invalid = (page: Page) => page.locator('[aria-invalid=true]').first()
const press =
  (name: string | RegExp) =>
  ({ page }: Demo) =>
    button(name)(page).click()
const confirm =
  (name: string) =>
  ({ page }: Demo) =>
    dialog(page).getByRole('button', { name, exact: true }).click()
const inTurn =
  (...steps: readonly ((demo: Demo) => Promise<unknown>)[]) =>
  async (demo: Demo) => {
    for (const step of steps) await step(demo)
  }
const actions = button('Actions')
const pencil = (page: Page) =>
  page.getByRole('main').getByRole('button', { name: 'Change password', exact: true }).first()
const row = (page: Page) => page.getByRole('button', { name: /^Actions for/ }).first()
const bulk = (page: Page) => page.getByRole('region', { name: 'Selected users' })
const bulkButton = (name: string) => (page: Page) =>
  bulk(page).getByRole('button', { name, exact: true })
const select = ({ page }: Demo) =>
  page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .filter({ visible: true })
    .first()
    .check()
const typePasswords = async ({ page }: Demo) => {
  await field('Your current password')(page).fill(demoPassword)
  await field('New password')(page).fill(newPassword)
  await field('Repeat new password')(page).fill(newPassword)
}
const tokenOf = (link: string) => link.replace(/.*#token=/, '')

/** Lets the requests fail that contain a text. */
const failing =
  (operation: string, answer: { status: number; headers?: Record<string, string> }) =>
  async ({ page }: Demo) => {
    // The browser logs these answers as errors.
    page.removeAllListeners('console')
    await page.route('**/graphql', route =>
      route.request().postData()?.includes(operation) === true
        ? route.fulfill({ ...answer, contentType: 'text/html', body: '' })
        : route.fallback(),
    )
  }
const recover = async ({ page }: Demo) => {
  await page.unrouteAll()
  await page.context().setOffline(false)
}

/** A dialog that is opened in the menu of a profile. */
const actionOf = (user: string, item: string): Screen => ({
  name: `${item}, dialog`,
  path: `/account/users/:${user}`,
  opener: actions,
  item,
  shown: dialog,
})

const visitors: Group = {
  name: 'Without a session',
  prepare: async ({ api, values, mailbox, userOf }) => {
    await api.mutate('requestPasswordReset', { login: member.login })
    values.resetToken = tokenOf(await linkMailedTo(mailbox, member.login))
    const login = 'nora.lindgren@demo.example'
    await api.mutate('inviteUser', { login, firstName: 'Nora', lastName: 'Lindgren' })
    values.invitationToken = tokenOf(await linkMailedTo(mailbox, login))
    await (await userOf(member.login)).addApp()
  },
  screens: [
    { name: 'Sign in', path: '/sign-in', shown: heading('Sign in') },
    { name: 'Sign in, empty', path: '/sign-in', complete: press('Sign in'), shown: invalid },
    {
      name: 'Sign in, wrong password',
      path: '/sign-in',
      complete: ({ page }) => signIn(page, member.login, 'Wrong-One-123'),
      shown: text('Login or password is wrong'),
    },
    {
      name: 'Sign in, second step',
      path: '/sign-in',
      complete: ({ page }) => signIn(page, member.login, demoPassword),
      shown: heading('One more step'),
    },
    {
      name: 'Sign in, recovery code',
      path: '/sign-in',
      complete: async demo => {
        await signIn(demo.page, member.login, demoPassword)
        await press(/recovery code/)(demo)
      },
      shown: field('Recovery code'),
    },
    {
      name: 'Forgotten password',
      path: '/forgot-password',
      shown: heading('Forgot your password?'),
    },
    {
      name: 'Forgotten password, requested',
      path: '/forgot-password',
      complete: async demo => {
        await field('Login')(demo.page).fill(admin.login)
        await press('Send reset link')(demo)
      },
      shown: heading('Check your mail'),
    },
    {
      name: 'Reset password',
      path: '/reset-password#token=:resetToken',
      shown: field('New password'),
    },
    {
      name: 'Reset password, rules not met',
      path: '/reset-password#token=:resetToken',
      complete: async demo => {
        await field('New password')(demo.page).fill('maya')
        await press('Set new password')(demo)
      },
      shown: invalid,
    },
    {
      name: 'Activate account',
      path: '/activate#token=:invitationToken',
      shown: button('Activate account'),
    },
    {
      name: 'Reset password, unknown link',
      path: '/reset-password#token=made-up',
      shown: text('This link does not work'),
    },
    {
      name: 'Reset password, expired link',
      path: '/reset-password#token=:resetToken',
      before: ({ rekey }) => rekey.letLinksExpire(),
      shown: text('This link has expired'),
    },
    {
      name: 'Activate account, expired link',
      path: '/activate#token=:invitationToken',
      shown: text('This link has expired'),
    },
  ],
}

const newInstallation: Group = {
  name: 'A new installation',
  isNew: true,
  prepare: ({ rekey, values }) => {
    values.setupToken = tokenOf(rekey.setupLink ?? '')
    return Promise.resolve()
  },
  screens: [
    { name: 'Sign in, no owner', path: '/sign-in', shown: text('No owner yet') },
    {
      name: 'Set-up',
      path: '/setup#token=:setupToken',
      shown: button('Create owner and sign in'),
    },
    {
      name: 'Home of a new account',
      path: '/setup#token=:setupToken',
      complete: async demo => {
        await field('Login')(demo.page).fill('owner@rekey.example')
        await field('First name')(demo.page).fill('Olga')
        await field('Password')(demo.page).fill(demoPassword)
        await field('Repeat password')(demo.page).fill(demoPassword)
        await press('Create owner and sign in')(demo)
      },
      shown: heading('Set up your account'),
    },
    { name: 'Users, only one', path: '/account/users', shown: text('1 user') },
    { name: 'Mail, no server', path: '/account/settings/mail', shown: heading('Mail') },
    { name: 'Webhooks, none', path: '/account/settings/webhooks', shown: text('No webhooks yet') },
    { name: 'Own API tokens, none', path: '/account/me/api', shown: text('No API tokens yet') },
    {
      name: 'Own security, nothing added',
      path: '/account/me/security',
      shown: text('You have no second factor.'),
    },
  ],
}

const usersOfTheAccount: Group = {
  name: 'Home, users and operations',
  login: owner.login,
  prepare: async ({ api, values, userOf }) => {
    for (const [key, login] of [
      ['owner', owner.login],
      ['member', member.login],
      ['blocked', 'boris@demo.example'],
    ] as const) {
      values[key] = await api.idOf(login)
    }
    const nora = { login: 'nora.lindgren@demo.example', firstName: 'Nora', lastName: 'Lindgren' }
    values.invited = (await api.mutate('inviteUser', nora, 'user { id }')).user.id
    await api.mutate('updateOwnDeletion', { allowed: true })
    await api.mutate('blockUsers', { userIds: [values.blocked], reason: 'Left the company' })
    values.leaving = await api.idOf(admin.login)
    const leaving = await userOf(admin.login)
    await leaving.call('mutation { requestOwnDeletion { errors { __typename } } }')
    const user = await userOf(member.login)
    await user.addApp()
    const expiresAt = new Date(Date.now() + 86_400_000)
    await user.mutate('createApiToken', { name: 'Door sign', permissions: [], expiresAt })
  },
  screens: [
    { name: 'Home', path: '/', shown: heading('Last operations') },
    {
      name: 'Home, sign-ins as a table',
      path: '/',
      complete: ({ page }) => page.getByText('Show as a table').click(),
      shown: page => page.getByRole('table').first(),
    },
    { name: 'Own menu', path: '/', opener: button(/^Your menu/), shown: menu },
    { name: 'Command palette, dialog', path: '/', opener: button('Search…'), shown: dialog },
    { name: 'Notifications', path: '/', opener: button(/^Notifications/), shown: dialog },
    {
      name: 'Navigation of a phone',
      path: '/',
      width: 390,
      opener: button('Open navigation'),
      shown: page => page.getByRole('link', { name: 'Operations', exact: true }),
      returnsTo: button('Open navigation'),
    },
    { name: 'Users', path: '/account/users', shown: text(/^\d+ users$/) },
    {
      name: 'Users, filters of a narrow screen',
      path: '/account/users',
      width: 390,
      complete: ({ page }) => page.getByRole('button', { name: 'Filter and sort' }).click(),
      shown: page => page.getByRole('combobox', { name: 'Sort by' }),
    },
    {
      name: 'Users, none found',
      path: '/account/users?q=nobody+at+all',
      shown: text('No users match'),
    },
    {
      name: 'Columns of the users',
      path: '/account/users',
      width: 1280,
      opener: button('Columns'),
      shown: menu,
    },
    { name: 'Menu of a row', path: '/account/users', width: 1280, opener: row, shown: menu },
    {
      name: 'Users, one selected',
      path: '/account/users?q=demo.example',
      complete: select,
      shown: bulk,
    },
    {
      name: 'Selected users, more actions',
      path: '/account/users?q=maya+lind',
      before: recover,
      complete: inTurn(select, ({ page }) => bulkButton('More actions')(page).press('Enter')),
      shown: menu,
    },
    {
      name: 'Block selected users, dialog',
      path: '/account/users?q=maya+lind',
      complete: inTurn(select, ({ page }) => bulkButton('Block')(page).click()),
      shown: dialog,
      returnsTo: bulkButton('Block'),
    },
    {
      name: 'Change the role of selected users, dialog',
      path: '/account/users?q=maya+lind',
      complete: inTurn(select, ({ page }) => bulkButton('Change role')(page).click()),
      shown: dialog,
      returnsTo: bulkButton('Change role'),
    },
    {
      name: 'Delete selected users, dialog',
      path: '/account/users?q=maya+lind',
      complete: inTurn(
        select,
        ({ page }) => bulkButton('More actions')(page).click(),
        ({ page }) => page.getByRole('menuitem', { name: 'Delete' }).click(),
      ),
      shown: field('Number of users'),
      returnsTo: bulkButton('More actions'),
    },
    { name: 'Add user, dialog', path: '/account/users', opener: button('Add user'), shown: dialog },
    {
      name: 'Add user with errors, dialog',
      path: '/account/users',
      opener: button('Add user'),
      complete: inTurn(
        ({ page }) =>
          dialog(page)
            .getByRole('button', { name: /^Access/ })
            .click(),
        confirm('Send invitation'),
      ),
      shown: invalid,
    },
    { name: 'Import users', path: '/account/users/import', shown: heading('Import users') },
    {
      name: 'Import users, preview',
      path: '/account/users/import',
      complete: ({ page }) =>
        new ImportPage(page).choose(
          [
            'Mail;Given name;Surname;Phone;Role',
            'ann@new.example;Ann;Berg;+46 70 123 45 67;admin',
            `${member.login};Maya;;;`,
            'not an address;Bo;;;',
            'di@new.example;Di;;;King',
            'flo@new.example;Flo;;;',
          ].join('\n'),
        ),
      shown: text(/lines cannot be used/),
    },
    { name: 'Profile', path: '/account/users/:member', shown: heading(member.name) },
    {
      name: 'Profile, unsaved changes',
      path: '/account/users/:member',
      complete: async ({ page }) => {
        await field('First name')(page).fill('Maria')
        await page.getByRole('tab', { name: 'Access' }).click()
      },
      shown: dialog,
      returnsTo: page => page.getByRole('tab', { name: 'Access' }),
    },
    { name: 'Access', path: '/account/users/:member/access', shown: field('See users') },
    {
      name: 'Security of a profile',
      path: '/account/users/:member/security',
      shown: heading('Trusted devices'),
    },
    {
      name: 'Secure account, dialog',
      path: '/account/users/:member/security',
      opener: button('Secure this account'),
      shown: dialog,
    },
    {
      name: 'Operations of a profile',
      path: '/account/users/:member/operations',
      shown: text(/^Operations on /),
    },
    {
      name: 'Change password of another user, dialog',
      path: '/account/users/:member',
      opener: pencil,
      shown: field('New password'),
    },
    {
      name: 'Change password, rules not met, dialog',
      path: '/account/users/:member/change-password',
      complete: async ({ page }) => {
        await field('New password')(page).fill('summer maya')
        await confirm('Change password')({ page } as Demo)
      },
      shown: invalid,
    },
    { name: 'Actions on a user', path: '/account/users/:member', opener: actions, shown: menu },
    actionOf('member', 'Send reset link'),
    actionOf('member', 'Copy reset link'),
    {
      ...actionOf('member', 'Copy reset link'),
      name: 'Reset link, shown once, dialog',
      complete: confirm('Create link'),
      shown: field('Link'),
      staysOpen: true,
    },
    actionOf('member', 'Require a new password'),
    actionOf('member', 'Sign out everywhere'),
    actionOf('member', 'Reset second factor'),
    actionOf('member', 'Block'),
    actionOf('member', 'Delete'),
    {
      name: 'Password of another user changed, dialog',
      path: '/account/users/:member',
      opener: pencil,
      complete: inTurn(typePasswords, confirm('Change password')),
      shown: button('Done'),
      staysOpen: true,
    },
    {
      name: 'Profile of an invited user',
      path: '/account/users/:invited',
      shown: text('Invited, not accepted yet'),
    },
    {
      name: 'Actions on an invited user',
      path: '/account/users/:invited',
      opener: actions,
      shown: menu,
    },
    {
      name: 'Profile of a blocked user',
      path: '/account/users/:blocked',
      shown: text('This user is blocked'),
    },
    {
      name: 'Actions on a blocked user',
      path: '/account/users/:blocked',
      opener: actions,
      shown: menu,
    },
    {
      name: 'Profile of a user who waits for deletion',
      path: '/account/users/:leaving',
      shown: heading(admin.name),
    },
    {
      name: 'Profile of an unknown user',
      path: '/account/users/00000000-0000-4000-8000-000000000000',
      shown: heading('This user does not exist'),
    },
    { name: 'API tokens of all users', path: '/account/api-tokens', shown: text(/^Owner:/) },
    {
      name: 'Revoke an API token of another user, dialog',
      path: '/account/api-tokens',
      opener: button(/^Revoke /),
      shown: dialog,
    },
    { name: 'Operations', path: '/account/operations', shown: text(/^[\d,]+ operations$/) },
    {
      name: 'Operation, details',
      path: '/account/operations',
      complete: ({ page }) =>
        page
          .getByRole('main')
          .getByRole('button', { expanded: false })
          .filter({ visible: true })
          .nth(1)
          .click(),
      shown: text('Request ID'),
      width: 1280,
    },
    {
      name: 'Operations, none found',
      path: '/account/operations?ip=203.0.113.99',
      shown: text('No operations match'),
    },
    { name: 'Page not found', path: '/nowhere', shown: heading('Page not found') },
    {
      name: 'Error of the server',
      path: '/account/users/:member',
      before: failing('EditedUser', {
        status: 500,
        headers: { 'x-request-id': '0198f3a1-7c1e-7abc-8def-0123456789ab' },
      }),
      shown: button('Copy request ID'),
    },
    {
      name: 'Offline',
      path: '/account/users',
      before: recover,
      complete: async ({ page }) => {
        await text(/^\d+ users$/)(page).waitFor()
        await page.context().setOffline(true)
      },
      shown: text(/^You are offline/),
    },
    {
      name: 'API explorer',
      path: '/explorer',
      before: recover,
      shown: page =>
        page.getByRole('region', { name: 'Operation Editor' }).filter({ hasText: 'WhoAmI' }),
    },
  ],
}

const settings: Group = {
  name: 'Settings',
  login: owner.login,
  prepare: async ({ api, values }) => {
    const { webhooks } = await api.call('{ webhooks { nodes { id description } } }')
    values.webhook = webhooks.nodes.find(
      ({ description }: { description: string }) => description === 'Payroll',
    ).id
  },
  screens: [
    {
      name: 'General',
      path: '/account/settings/general',
      shown: heading('Deleting accounts'),
    },
    {
      name: 'General, unsaved changes',
      path: '/account/settings/general',
      complete: ({ page }) => field('Accent colour')(page).fill('#ffcc00'),
      shown: text('This colour has too little contrast'),
    },
    {
      name: 'Security',
      path: '/account/settings/security',
      shown: heading('Second factor'),
    },
    {
      name: 'Require a second factor, dialog',
      path: '/account/settings/security',
      complete: async demo => {
        await demo.page.getByRole('radio', { name: 'Required' }).check()
        await press('Save changes')(demo)
      },
      shown: inDialog('From a day on'),
    },
    {
      name: 'Limit the lifetime of API tokens, dialog',
      path: '/account/settings/security',
      complete: async demo => {
        const card = demo.page.getByRole('region', { name: 'API tokens' })
        await card.getByRole('switch').check()
        await card.getByRole('button', { name: 'Save changes' }).click()
      },
      shown: inDialog('Let API tokens expire earlier?'),
    },
    {
      name: 'Password policy',
      path: '/account/settings/password-policy',
      shown: heading('Try a password'),
    },
    { name: 'Mail', path: '/account/settings/mail', shown: heading('Mail') },
    { name: 'Webhooks', path: '/account/settings/webhooks', shown: text('Payroll') },
    {
      name: 'Add webhook, dialog',
      path: '/account/settings/webhooks',
      opener: button('Add webhook'),
      shown: field('user.blocked'),
    },
    {
      name: 'Add webhook with errors, dialog',
      path: '/account/settings/webhooks',
      opener: button('Add webhook'),
      complete: confirm('Add webhook'),
      shown: invalid,
    },
    {
      name: 'Webhook',
      path: '/account/settings/webhooks/:webhook',
      shown: page => page.getByRole('button', { name: /^Details of/ }).first(),
    },
    {
      name: 'Delivery, dialog',
      path: '/account/settings/webhooks/:webhook',
      opener: button(/^Details of/),
      shown: inDialog('Request body'),
    },
    {
      name: 'Edit webhook, dialog',
      path: '/account/settings/webhooks/:webhook',
      opener: button('Edit'),
      shown: field('user.blocked'),
    },
    {
      name: 'Rotate secret, dialog',
      path: '/account/settings/webhooks/:webhook',
      opener: button('Rotate secret'),
      shown: dialog,
    },
    {
      name: 'Secret, shown once, dialog',
      path: '/account/settings/webhooks/:webhook',
      opener: button('Rotate secret'),
      complete: confirm('Rotate'),
      shown: field('Secret'),
      staysOpen: true,
    },
    {
      name: 'Delete webhook, dialog',
      path: '/account/settings/webhooks/:webhook',
      opener: button('Delete'),
      shown: dialog,
    },
    {
      name: 'Unknown webhook',
      path: '/account/settings/webhooks/00000000-0000-4000-8000-000000000000',
      shown: text('This webhook does not exist'),
    },
  ],
}

const ownAccount: Group = {
  name: 'My account',
  login: member.login,
  prepare: async ({ api, userOf, values }) => {
    values.member = await api.idOf(member.login)
    await api.mutate('updateOwnDeletion', { allowed: true })
    await userOf(member.login)
  },
  screens: [
    { name: 'Home of a member', path: '/', shown: text('Your security, as') },
    { name: 'Own profile', path: '/account/me', shown: heading('Your data') },
    { name: 'Own security', path: '/account/me/security', shown: text(/^\d+ sessions$/) },
    {
      name: 'Change own password, dialog',
      path: '/account/me/security',
      opener: pencil,
      shown: field('New password'),
    },
    {
      name: 'Change own password by its address, dialog',
      path: '/account/me/change-password',
      shown: field('New password'),
    },
    {
      name: 'End other sessions, dialog',
      path: '/account/me/security',
      opener: button('End other sessions'),
      shown: dialog,
    },
    {
      name: 'Add an authenticator app, dialog',
      path: '/account/me/security',
      opener: button('Add an authenticator app'),
      shown: page => page.getByRole('img', { name: /^QR code/ }),
    },
    {
      name: 'Add SMS, dialog',
      path: '/account/me/security',
      opener: button(/^Add codes by SMS|^Add SMS/),
      shown: dialog,
    },
    {
      name: 'Add a passkey, dialog',
      path: '/account/me/security',
      opener: button(/^Add a passkey/),
      shown: dialog,
    },
    { name: 'Own API tokens', path: '/account/me/api', shown: button('New token') },
    {
      name: 'New token, dialog',
      path: '/account/me/api',
      opener: button('New token'),
      shown: page => dialog(page).getByRole('group', { name: 'Permissions' }),
    },
    {
      name: 'Token, shown once, dialog',
      path: '/account/me/api',
      opener: button('New token'),
      complete: inTurn(
        ({ page }) => dialog(page).getByLabel('Name').fill('Payroll export'),
        confirm('Create token'),
      ),
      shown: field('Token'),
      staysOpen: true,
    },
    {
      name: 'Revoke token, dialog',
      path: '/account/me/api',
      opener: button(/^Revoke /),
      shown: dialog,
    },
    {
      name: 'Own activity',
      path: '/account/me/activity',
      shown: text('Operations on your profile.'),
    },
    {
      name: 'Delete own account, dialog',
      path: '/account/me',
      opener: button('Delete my account'),
      shown: dialog,
    },
    {
      name: 'Confirm your identity, dialog',
      path: '/account/me/security',
      before: ({ rekey }) => rekey.letProofsAge(),
      opener: button('End other sessions'),
      complete: confirm('End other sessions'),
      shown: page => page.getByRole('dialog', { name: 'Confirm your identity' }),
      // The question that asked for it.
      returnsTo: page =>
        page.getByRole('dialog').getByRole('button', { name: 'End other sessions' }),
    },
    {
      name: 'Own password changed, dialog',
      path: '/account/me/security/change-password',
      complete: inTurn(typePasswords, confirm('Change password')),
      shown: button('Done'),
    },
    {
      name: 'Users without permission',
      path: '/account/users',
      shown: text('You do not have permission to see the user list'),
    },
    {
      name: 'Settings without permission',
      path: '/account/settings/security',
      shown: text('You do not have permission to change these settings'),
    },
    {
      name: 'Account that waits for deletion',
      path: '/account/me',
      complete: inTurn(press('Delete my account'), confirm('Delete my account')),
      shown: text('Your account will be deleted'),
    },
    {
      name: 'Session that has ended, dialog',
      path: '/account/me',
      complete: async demo => {
        await field('First name')(demo.page).fill('Maria')
        // The browser logs the answers of a session that has ended.
        demo.page.removeAllListeners('console')
        // The proof of the owner is too old, too.
        await demo.api.signIn(owner.login)
        await demo.api.mutate('signOutUsers', { userIds: [demo.values.member] })
        await press('Save changes')(demo)
      },
      shown: inDialog('Sign in to continue'),
      staysOpen: true,
    },
    {
      name: 'Choose your own password',
      path: '/sign-in',
      before: ({ api, values }) =>
        api.mutate('requirePasswordChange', { userIds: [values.member] }),
      complete: ({ page }) => signIn(page, member.login, newPassword),
      shown: heading('Choose your own password'),
    },
    {
      name: 'Required second factor',
      path: '/',
      before: async ({ api, values }) => {
        await api.mutate('withdrawPasswordChangeRequirement', { userIds: [values.member] })
        await api.mutate('updateSecuritySettings', { secondFactor: 'REQUIRED' })
      },
      shown: heading(/second factor/),
    },
  ],
}

/** All screens of the product, in the order of the gallery. */
export const groups: readonly Group[] = [
  visitors,
  newInstallation,
  usersOfTheAccount,
  settings,
  ownAccount,
]

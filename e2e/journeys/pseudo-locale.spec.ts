import type { APIRequestContext } from '@playwright/test'
import { WebhookReceiver } from '@rekey/server/testing'
import { workbookOf } from '../../client/src/invitations/test-files'
import { plugIn } from '../pages/passkeys'
import {
  exact,
  faultsOf,
  faultsOfMail,
  keepMail,
  named,
  PseudoApi,
  PseudoPage,
  pseudoLocale,
  serverText,
  serverTexts,
  subjectsOfTemplates,
  t,
} from '../pages/pseudo-locale'
import {
  test as base,
  callApi,
  comeBackTo,
  expect,
  linkMailedTo,
  people,
  updateUser,
} from '../pages/rekey'
import { AuthenticatorApp } from '../pages/security'

const { owner, admin, member } = people
const newPassword = 'Brisk-Meadow-41'
const nora = { login: 'nora.lindgren@demo.example', firstName: 'Nora', lastName: 'Lindgren' }

/** The code in a message to the SMS gateway. */
const codeIn = (message: unknown): string => /\b\d{6}\b/.exec(JSON.stringify(message))?.[0] ?? ''

const poland = new Intl.DisplayNames(pseudoLocale, { type: 'region' }).of('PL') ?? 'Poland'

const splitName = (name: string) => {
  const [firstName, lastName] = name.split(' ')
  return { firstName, lastName }
}

/** The letters on the button that opens the menu. */
const initialsOf = (name: string): string => name.replace(/(\S)\S*\s*/g, '$1')

const reminders = ['en', 'de', 'es', 'fr', 'pl'].map(tag =>
  serverTexts(tag)('password-age.mail.subject'),
)

/** A page in the pseudo-locale, and the API. At the end all mails are checked. */
const test = base.extend<{ api: PseudoApi; pseudo: PseudoPage }>({
  locale: pseudoLocale,
  settings: { TRUST_PROXY: '1', WEBHOOKS_ALLOW_PRIVATE: 'true', WEBHOOKS_RETRY_SECONDS: '1' },
  api: async ({ request, rekey }, use) => use(await PseudoApi.start(request, rekey)),
  pseudo: async ({ page, api, mailbox }, use) => {
    const names = [...(await api.names()), 'Nora Lindgren', 'Maja Lindqvist', 'Marie Lindqvist']
    // The avatar of the menu shows initials. Mails name the program that caused them.
    const data = [...names, 'Nora', 'OB', 'AN', 'ML', 'NL', 'NO', 'Node.js']
    await use(new PseudoPage(page, data))
    for (const mail of mailbox.mailbox.mails) {
      // The users of the demo get this one in their own languages.
      if (reminders.includes(mail.subject ?? '')) continue
      keepMail(mail)
      expect.soft(faultsOfMail(mail, data), `mail “${mail.subject}”`).toEqual([])
    }
  },
})

test('before and after a session, all texts are in catalogues and have room', async ({
  page,
  rekey,
  api,
  pseudo,
  mailbox,
  playwright,
}) => {
  const see = pseudo.text
  await test.step('sign-in', async () => {
    await page.goto(rekey.url)
    await pseudo.check('sign-in', pseudo.button('sessions.signIn.withPasskey'))
    await pseudo.button('sessions.signIn.submit').first().click()
    await pseudo.check('sign-in, empty', see('forms.password.missing'))
    await pseudo
      .field('sessions.signIn.password')
      .dispatchEvent('keyup', { key: 'A', modifierCapsLock: true })
    await pseudo.check('sign-in, Caps Lock', see('forms.password.capsLock'))
    await pseudo.signIn(member.login, 'Wrong-One-123')
    await pseudo.check('sign-in, wrong password', page.getByRole('alert'))
  })
  await test.step('ended sessions', async () => {
    const userId = await api.idOf(member.login)
    const signedIn = async (password?: string) => {
      await pseudo.signIn(member.login, password)
      await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
    }
    await signedIn()
    await page.context().clearCookies()
    await comeBackTo(page)
    await pseudo.check('session ended', see('sessions.signIn.sessionEnded'))
    await signedIn()
    const elsewhere = await playwright.request.newContext()
    const other = await PseudoApi.of(elsewhere, rekey, member.login)
    await other.call('mutation { endOtherSessions { count } }')
    await elsewhere.dispose()
    await comeBackTo(page)
    await pseudo.check('session ended elsewhere', see('sessions.endReason.ENDED_ELSEWHERE'))
    await signedIn()
    await api.mutate('blockUsers', { userIds: [userId] }, 'results { __typename }')
    await comeBackTo(page)
    await pseudo.check('session ended, blocked', see('sessions.endReason.BLOCKED'))
    await pseudo.signIn(member.login)
    await pseudo.check('sign-in, blocked', page.getByRole('alert'))
    await api.mutate('unblockUsers', { userIds: [userId] }, 'results { __typename }')
    await signedIn()
    await api.mutate('requestPasswordReset', { login: member.login })
    const link = await linkMailedTo(mailbox, member.login)
    const token = link.split('#token=')[1]
    await api.mutate('resetPassword', { token, newPassword: 'Warm-Lantern-58' })
    await comeBackTo(page)
    await pseudo.check('session ended, password reset', see('sessions.endReason.PASSWORD_RESET'))
    await signedIn('Warm-Lantern-58')
    const input = { userId, currentPassword: 'Quiet-Harbour-72', newPassword }
    await api.mutate('changePassword', { ...input, requireChangeAtNextSignIn: true })
    await comeBackTo(page)
    await pseudo.check('session ended, new password', see('sessions.endReason.PASSWORD_CHANGED'))
    await pseudo.signIn(member.login, newPassword)
    await pseudo.check('required change', see('passwords.required.intro'))
  })
  await test.step('forgotten password', async () => {
    await page.goto(`${rekey.url}/forgot-password`)
    await pseudo.check('forgotten password', pseudo.button('passwords.forgot.submit'))
    await pseudo.button('passwords.forgot.submit').click()
    await pseudo.check('forgotten password, empty', see('forms.login.missing'))
    await pseudo.whileFailing('requestPasswordReset', null, async () => {
      await pseudo.field('forms.login.label').fill(member.login)
      await pseudo.button('passwords.forgot.submit').click()
      await pseudo.check('forgotten password, no answer', see('passwords.forgot.lostAnswer'))
    })
    const request = async () => {
      await pseudo.field('forms.login.label').fill(member.login)
      await pseudo.button('passwords.forgot.submit').click()
      await expect(pseudo.heading('passwords.forgot.sentTitle')).toBeVisible()
    }
    await request()
    await pseudo.check('forgotten password, sent', see('passwords.forgot.nothingCame'))
    const first = await linkMailedTo(mailbox, member.login, 2)
    await pseudo.button('passwords.forgot.again').click()
    await request()
    const second = await linkMailedTo(mailbox, member.login, 3)
    await page.goto(first)
    await pseudo.check('reset, revoked link', see('passwords.reset.dead.REVOKED'))
    await page.goto(second)
    await pseudo.check('reset', pseudo.heading('passwords.reset.title'))
    await pseudo.button('passwords.reset.submit').click()
    await pseudo.check('reset, empty', see('passwords.fields.newMissing'))
    await pseudo.field('passwords.fields.new').fill('maya')
    await pseudo.field('passwords.fields.repeat').fill('maja')
    await pseudo.button('passwords.reset.submit').click()
    await pseudo.check('reset, unmet', see('passwords.refused.CONTAINS_LOGIN'))
    await pseudo.field('passwords.fields.new').fill('Calm-Meadow-41')
    await pseudo.field('passwords.fields.repeat').fill('Calm-Meadow-41')
    await pseudo.whileFailing('resetPassword', null, async () => {
      await pseudo.button('passwords.reset.submit').click()
      await pseudo.check('reset, no answer', see('passwords.reset.lostAnswer'))
    })
    await pseudo.button('passwords.reset.submit').click()
    await pseudo.check('sign-in, after reset', see('sessions.signIn.passwordReset'))
    await page.goto(second)
    await pseudo.check('reset, used link', see('passwords.reset.dead.USED'))
    await page.goto(`${rekey.url}/reset-password#token=made-up`)
    await pseudo.check('reset, unknown link', see('passwords.reset.dead.UNKNOWN'))
    await api.mutate('requestPasswordReset', { login: admin.login })
    const expired = await linkMailedTo(mailbox, admin.login)
    await rekey.letLinksExpire()
    await page.goto(expired)
    await pseudo.check('reset, expired link', see('passwords.reset.dead.EXPIRED'))
  })
  await test.step('activation', async () => {
    const { user } = await api.mutate('inviteUser', nora, 'user { id }')
    const first = await linkMailedTo(mailbox, nora.login)
    await api.mutate('resendInvitation', { userId: user.id })
    const second = await linkMailedTo(mailbox, nora.login, 2)
    await page.goto(first)
    await pseudo.check('activation, revoked link', see('invitations.activate.dead.REVOKED'))
    await page.goto(second)
    await pseudo.check('activation', pseudo.button('invitations.activate.submit'))
    await pseudo.field('passwords.fields.first').fill('nora.lindgren')
    await pseudo.button('invitations.activate.submit').click()
    await pseudo.check('activation, unmet', see('passwords.fields.repeatMissing'))
    await pseudo.field('passwords.fields.first').fill(newPassword)
    await pseudo.field('passwords.fields.repeatFirst').fill(newPassword)
    await pseudo.whileFailing('activateUser', null, async () => {
      await pseudo.button('invitations.activate.submit').click()
      await pseudo.check('activation, no answer', see('invitations.activate.answerLost'))
    })
    await pseudo.button('invitations.activate.submit').click()
    await pseudo.check('Home of a new user', pseudo.heading('home.page.title'))
    await page.goto(`${rekey.url}/account/me`)
    await pseudo.check('the profile of a new user', pseudo.tab('account.tab.activity'))
    await page.goto(second)
    await pseudo.check('activation, used link', see('invitations.activate.dead.USED'))
    await page.goto(`${rekey.url}/activate#token=made-up`)
    await pseudo.check('activation, unknown link', see('invitations.activate.dead.UNKNOWN'))
    const login = 'nora.l@demo.example'
    await api.mutate('inviteUser', { ...nora, login })
    await page.goto(await linkMailedTo(mailbox, login))
    await pseudo.field('passwords.fields.first').fill(newPassword)
    await pseudo.field('passwords.fields.repeatFirst').fill(newPassword)
    await rekey.letLinksExpire()
    await pseudo.button('invitations.activate.submit').click()
    await pseudo.check('activation, expired link', see('invitations.activate.dead.EXPIRED'))
  })
  await test.step('failures', async () => {
    await page.goto(`${rekey.url}/sign-in`)
    await pseudo.check('sign-in, again', pseudo.button('sessions.signIn.withPasskey'))
    await page.context().setOffline(true)
    await pseudo.signIn(member.login)
    await pseudo.check('sign-in, offline', page.getByRole('alert'))
    await page.context().setOffline(false)
    for (const [id, failure] of [
      ['failure.unreachable', null],
      ['failure.unavailable', { code: 'SERVICE_UNAVAILABLE' }],
      ['failure.forbidden', { code: 'FORBIDDEN' }],
      ['failure.signedOut', { code: 'UNAUTHENTICATED' }],
      ['failure.answerNotKept', { code: 'IDEMPOTENCY_ANSWER_NOT_KEPT' }],
    ] as const) {
      await pseudo.whileFailing('logIn', failure, async () => {
        await pseudo.signIn(member.login)
        await pseudo.check(`sign-in, ${id}`, see(id))
      })
    }
    const requestId = '018f3c5e-7a4b-7c11-9d52-0b6f5d1c2e3a'
    const unexpected = { code: 'INTERNAL_SERVER_ERROR', requestId }
    await pseudo.whileFailing('logIn', unexpected, async () => {
      await pseudo.signIn(member.login)
      await pseudo.check('sign-in, server error', see('failure.unexpected', { requestId }))
    })
  })
  await test.step('too many attempts and requests', async () => {
    // Countdowns stand still, so that they last until both widths are checked.
    await page.clock.setFixedTime(new Date())
    const login = 'stranger@demo.example'
    await page.goto(`${rekey.url}/forgot-password`)
    await pseudo.field('forms.login.label').fill(login)
    await api.useUpAttempts('requestPasswordReset', { login })
    await pseudo.button('passwords.forgot.submit').click()
    await pseudo.check('forgotten password, too many', pseudo.waitNotice())
    await page.goto(`${rekey.url}/sign-in`)
    await api.useUpAttempts('logIn', { login, password: 'Wrong-One-123' })
    await pseudo.signIn(login)
    await pseudo.check('sign-in, too many attempts', pseudo.waitNotice())
    // The browser logs these answers as errors.
    page.removeAllListeners('console')
    await page.reload()
    await pseudo.whileFailing('logIn', 429, async () => {
      await pseudo.signIn(member.login)
      await pseudo.check('sign-in, 429 of a proxy', see('failure.tooManyRequests'))
    })
    const address = { 'x-forwarded-for': '203.0.113.66' }
    await page.setExtraHTTPHeaders(address)
    await rekey.useUpRequests(address)
    await pseudo.signIn(member.login)
    await pseudo.check('sign-in, too many requests', page.getByRole('alert'))
  })
})

test('around users and profiles, all texts are in catalogues and have room', async ({
  page,
  rekey,
  api,
  pseudo,
  playwright,
}) => {
  const see = pseudo.text
  const maya = await api.idOf(member.login)
  const profile = `${rekey.url}/account/users/${maya}`
  const toggle = (
    id: 'access.permission.users.read.title' | 'access.permission.users.invite.title',
  ) => page.getByRole('checkbox', named(t(id))).click()

  await test.step('the list of users', async () => {
    await page.goto(`${rekey.url}/account/users`)
    await pseudo.signIn(owner.login)
    await pseudo.check('users', pseudo.button('invitations.add.one'))
    await page.goto(rekey.url)
    await pseudo.check('home', pseudo.heading('home.people.title'))
    const bell = '[aria-haspopup=dialog]:not([aria-keyshortcuts])'
    await page.getByRole('banner').locator(bell).click()
    await pseudo.check('notifications', page.getByRole('dialog').getByRole('listitem').first())
    await page.keyboard.press('Escape')
    await page.goto(`${rekey.url}/account/users`)
    await page.getByRole('combobox', named(t('users.table.statusFilter'))).click()
    await pseudo.check('users, status filter', page.getByRole('option').first())
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', named(t('users.table.roleFilter'))).click()
    await pseudo.check('users, role filter', page.getByRole('option').first())
    await page.keyboard.press('Escape')
    await pseudo.field('users.table.search').fill('nobody at all')
    await pseudo.check('users, none', see('users.table.emptyTitle'))
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${rekey.url}/account/users`)
    await pseudo.button('users.table.filters', { count: 0 }).click()
    await page.getByRole('combobox', named(t('users.sort.label'))).click()
    await expect(page.getByRole('option').first()).toBeVisible()
    await pseudo.checkHere('users, order')
    await page.keyboard.press('Escape')
    await pseudo.button('app.navigation.open').click()
    await expect(pseudo.link('app.navigation.operations')).toBeVisible()
    await pseudo.checkHere('navigation')
    await page.setViewportSize({ width: 1280, height: 844 })
    await page.goto(`${rekey.url}/account/users`)
    for (const color of ['app.colors.auto', 'app.colors.light', 'app.colors.dark'] as const) {
      await pseudo.check(color, pseudo.button(color))
      await pseudo.button(color).click()
    }
    await pseudo
      .button('app.userMenu.label', { name: owner.name, initials: initialsOf(owner.name) })
      .click()
    await pseudo.check('user menu', pseudo.item('sessions.signOut'))
    await page.keyboard.press('Escape')
    await pseudo.button('users.columns.button').click()
    await pseudo.check(
      'columns',
      page.getByRole('menuitemcheckbox', named(t('users.column.SECOND_FACTOR'))),
    )
    await page.keyboard.press('Escape')
    await page.getByRole('row').nth(1).getByRole('button').click()
    await pseudo.check('row menu', pseudo.item('users.table.edit'))
    await page.keyboard.press('Escape')
  })
  await test.step('several users at once', async () => {
    const select = async (name: string) => {
      await page
        .getByRole('checkbox', named(t('users.table.select', { name })))
        .filter({ visible: true })
        .check()
    }
    await page.goto(`${rekey.url}/account/users?q=demo.example&status=INVITED`)
    const edit = page
      .getByRole('link')
      .filter({ hasText: t('users.table.edit') })
      .first()
    await edit.waitFor()
    await page.getByRole('checkbox').filter({ visible: true }).nth(1).check()
    await pseudo.field('users.table.search').fill('maya lind')
    await pseudo.choose('users.table.statusFilter', t('users.status.ACTIVE'))
    await select(member.name)
    await pseudo.check('users, selected', see('users.bulk.selected', { count: 2 }))
    const act = async (name: 'block' | 'unblock') => {
      await pseudo.button(`users.bulk.${name}.button`).click()
      await pseudo.check(`users, ${name}`, see(`users.bulk.${name}.message`))
      if (name === 'block') await pseudo.field('users.block.reason').fill('Maja')
      await pseudo.confirm(`users.bulk.${name}.button`).click()
      await pseudo.check(`users, results of ${name}`, pseudo.button('ui.button.done'))
      await pseudo.button('ui.button.done').click()
    }
    await act('block')
    await page.goto(`${rekey.url}/account/users?q=maya+lind`)
    await select(member.name)
    await act('unblock')
    await select(member.name)
    await pseudo.button('users.bulk.changeRoles.button').click()
    await page.getByRole('combobox', named(t('users.bulk.newRole'))).click()
    await pseudo.check('users, new role', page.getByRole('option').first())
    await page
      .getByRole('option', { name: t('access.role.MEMBER') })
      .first()
      .click()
    await pseudo.confirm('users.bulk.changeRoles.button').click()
    await pseudo.check('users, results of new role', pseudo.button('ui.button.done'))
    await pseudo.button('ui.button.done').click()
  })
  await test.step('an invitation', async () => {
    await pseudo.button('invitations.add.one').click()
    await pseudo.check('add user', pseudo.confirm('invitations.notice.send'))
    await pseudo.confirm('invitations.notice.send').click()
    await pseudo.check('add user, empty', see('users.field.firstNameMissing'))
    await pseudo
      .dialog()
      .getByLabel(t('invitations.field.firstName'), { exact })
      .fill(nora.firstName)
    await pseudo.dialog().getByLabel(t('invitations.field.login'), { exact }).fill(member.login)
    await pseudo
      .dialog()
      .getByRole('button', { name: t('invitations.dialog.access') })
      .click()
    await pseudo.confirm('invitations.notice.send').click()
    await pseudo.check('add user, login taken', page.locator('[aria-invalid=true]'))
    await pseudo.dialog().getByLabel(t('invitations.field.login'), { exact }).fill(nora.login)
    await toggle('access.permission.users.read.title')
    await pseudo.check('add user, access', see('access.source.GRANTED'))
    await pseudo.confirm('invitations.notice.send').click()
    await pseudo.check('user added', see('invitations.notice.sent'))
    const id = await api.idOf(nora.login)
    await page.goto(`${rekey.url}/account/users/${id}`)
    await pseudo.check('invitation', pseudo.button('invitations.notice.resend'))
    await pseudo.button('invitations.notice.resend').click()
    await pseudo.check(
      'invitation sent again',
      see('invitations.notice.freshLink', { login: nora.login }),
    )
    await pseudo.button('users.actions.menu').click()
    await pseudo.check('actions for an invited user', pseudo.item('users.actions.delete'))
    await page.keyboard.press('Escape')
    await pseudo.button('invitations.notice.revoke').click()
    await pseudo.check('revoke invitation', pseudo.confirm('invitations.revoke.confirm'))
    await pseudo.confirm('invitations.revoke.confirm').click()
    await pseudo.check('invitation revoked', see('invitations.notice.title.REVOKED'))
    await pseudo.button('users.actions.menu').click()
    await pseudo.item('users.actions.delete').click()
    await pseudo.field('users.delete.label').fill(nora.login)
    await pseudo.check('delete, login typed', pseudo.confirm('users.delete.submit'))
    await pseudo.confirm('users.delete.submit').click()
    await pseudo.check('deleted', see('users.delete.done', { name: nora.firstName }))
    await pseudo.closeNotifications()
  })
  await test.step('basic info', async () => {
    await page.goto(profile)
    await pseudo.check('profile', pseudo.tab('users.profile.basicInfoTab'))
    await page.getByRole('combobox', named(t('users.field.language'))).click()
    await pseudo.check('profile, languages', page.getByRole('option').first())
    await page.keyboard.press('Escape')
    await pseudo.field('users.field.firstName').fill('')
    await pseudo.field('users.field.phone').fill('4,86E+10')
    await pseudo.button('forms.save.save').click()
    await pseudo.check('profile, empty', see('users.field.firstNameMissing'))
    await pseudo.field('users.field.firstName').fill('Maja')
    await pseudo.button('forms.save.save').click()
    await pseudo.check('profile, wrong phone', page.locator('[aria-invalid=true]'))
    await pseudo.tab('users.profile.accessTab').click()
    await pseudo.check('profile, leave', pseudo.confirm('ui.leaveGuard.leave'))
    await pseudo.confirm('ui.leaveGuard.stay').click()
    await pseudo.field('users.field.phone').fill('+46 70 111 11 11')
    const theirs = { firstName: 'Marie', phone: '+46 70 222 22 22', language: 'pl' }
    await api.mutate('updateUser', { userId: maya, ...theirs })
    await pseudo.button('forms.save.save').click()
    await pseudo.check('stale edit', see('users.staleEdit.title'))
    await pseudo.button('users.staleEdit.takeAllTheirs').click()
    await pseudo.check('stale edit, nothing left', see('users.staleEdit.nothingLeft'))
    await pseudo.button('users.staleEdit.keepAllMine').click()
    await pseudo.button('forms.save.save').click()
    await pseudo.check('profile saved', see('users.basicInfo.saved'))
    await api.mutate('updateUser', {
      userId: maya,
      language: pseudoLocale,
      ...splitName(member.name),
    })
  })
  await test.step('access', async () => {
    await page.goto(`${profile}/access`)
    await pseudo.check('access', pseudo.button('forms.save.save'))
    await page.getByRole('combobox', named(t('access.roleSelect.label'))).click()
    await pseudo.check('access, roles', page.getByRole('option').first())
    await page.keyboard.press('Escape')
    await toggle('access.permission.users.read.title')
    await pseudo.check('access, granted', see('access.source.GRANTED'))
    await pseudo.tab('users.profile.basicInfoTab').click()
    await pseudo.check('access, leave', pseudo.confirm('ui.leaveGuard.leave'))
    await pseudo.confirm('ui.leaveGuard.stay').click()
    await pseudo.button('forms.save.save').click()
    await pseudo.check('access saved', see('access.tab.saved'))
    await toggle('access.permission.users.invite.title')
    await api.mutate('changeAccess', {
      userId: maya,
      role: 'ADMIN',
      grantedPermissions: [],
      withdrawnPermissions: ['operations.read'],
    })
    await pseudo.button('forms.save.save').click()
    await pseudo.check('access, conflict', see('access.tab.conflictTitle'))
    await pseudo.button('access.tab.takeTheirs').click()
    await pseudo.check('access, withdrawn', see('access.source.WITHDRAWN'))
    await pseudo.choose('access.roleSelect.label', t('access.role.MEMBER'))
    await pseudo.button('forms.save.save').click()
    await expect(pseudo.button('forms.save.save')).toBeDisabled()
    await page.goto(`${rekey.url}/account/users/${await api.idOf(owner.login)}/access`)
    await pseudo.check('own access', see('access.tab.refusedTitle'))
  })
  await test.step('security', async () => {
    const other = await playwright.request.newContext()
    const maya = await PseudoApi.of(other, rekey, member.login)
    await maya.addApp()
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000)
    const token = { name: 'Payroll', permissions: [], expiresAt: tomorrow }
    pseudo.know('Payroll')
    await maya.mutate('createApiToken', token)
    await page.goto(`${profile}/security`)
    await pseudo.check('security', page.getByText('Payroll').first())
    await pseudo.button('user-security.secure.button').click()
    await pseudo.check('secure account', see('user-security.secure.secondFactors'))
    await pseudo.confirm('user-security.secure.confirm').click()
    await pseudo.check('secure account, no reason', see('users.block.reasonMissing'))
    await page.keyboard.press('Escape')
    await pseudo.button('user-security.sessions.endAll').click()
    await pseudo.confirm('ui.button.cancel').click()
    await pseudo.button('user-security.factors.reset').click()
    await pseudo.check('reset second factors', see('users.actions.resetMessage'))
    await pseudo.confirm('users.actions.resetConfirm').click()
    await pseudo.check('no second factors', see('user-security.factors.none'))
    await other.dispose()
  })
  await test.step('actions', async () => {
    await page.goto(profile)
    await pseudo.button('users.actions.menu').click()
    await pseudo.check('actions', pseudo.item('users.actions.block'))
    await pseudo.item('users.actions.block').click()
    await pseudo.confirm('users.actions.blockConfirm').click()
    await pseudo.check('block', see('users.block.reasonMissing'))
    await pseudo.field('users.block.reason').fill('Maja')
    await pseudo.confirm('users.actions.blockConfirm').click()
    await pseudo.check('blocked', see('users.actions.blocked', { name: member.name }))
    await pseudo.closeNotifications()
    await pseudo.button('users.actions.menu').click()
    await pseudo.item('users.actions.unblock').click()
    // The token from the step before was suspended by the block.
    await pseudo.check('unblock, tokens', see('users.unblock.tokens'))
    await pseudo.confirm('users.actions.unblock').click()
    await pseudo.check('unblocked', see('users.actions.unblocked', { name: member.name }))
    await pseudo.closeNotifications()
    for (const [item, text] of [
      ['users.actions.copyResetLink', 'users.signIn.copyResetLink.text'],
      ['users.actions.requirePassword', 'users.signIn.requirePassword.text'],
      ['users.actions.signOut', 'users.signIn.signOut.text'],
    ] as const) {
      await pseudo.button('users.actions.menu').click()
      await pseudo.item(item).click()
      await pseudo.check(item, see(text))
      await page.keyboard.press('Escape')
    }
    await pseudo.button('users.actions.menu').click()
    await pseudo.item('users.actions.delete').click()
    await pseudo.check('delete', pseudo.field('users.delete.label'))
    await page.keyboard.press('Escape')
    await api.mutate('updateSecuritySettings', { secondFactorMethods: ['TOTP'] })
    const device = await playwright.request.newContext()
    await (await PseudoApi.of(device, rekey, member.login)).addApp()
    await device.dispose()
    await page.reload()
    await pseudo.button('users.actions.menu').click()
    await pseudo.check('actions, second factor', pseudo.item('users.actions.resetSecondFactor'))
    await pseudo.item('users.actions.resetSecondFactor').click()
    await pseudo.check('reset second factor', see('users.actions.resetMessage'))
    await pseudo.confirm('users.actions.resetConfirm').click()
    await pseudo.check('second factor reset', see('users.actions.resetDone', { name: member.name }))
    await pseudo.closeNotifications()
  })
})

test('around passwords of others and operations, all texts are in catalogues and have room', async ({
  page,
  context,
  rekey,
  api,
  pseudo,
}) => {
  const see = pseudo.text
  const maya = await api.idOf(member.login)
  const profile = `${rekey.url}/account/users/${maya}`
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${rekey.url}/account/users`)
  await pseudo.signIn(owner.login)
  await expect(pseudo.button('invitations.add.one')).toBeVisible()

  await test.step('a bulk job', async () => {
    await page.goto(`${rekey.url}/account/users?status=INVITED`)
    await page.getByRole('checkbox', named(t('users.table.selectPage'))).waitFor()
    await page.getByRole('checkbox').filter({ visible: true }).nth(1).check()
    await pseudo.button('users.bulk.more').click()
    await pseudo.check('users, more actions', pseudo.item('bulk-jobs.DELETE.button'))
    await pseudo.item('bulk-jobs.DELETE.button').click()
    await pseudo.check('bulk job, delete', see('bulk-jobs.DELETE.message'))
    await pseudo.confirm('ui.button.cancel').click()
    await pseudo.button('users.bulk.more').click()
    await pseudo.item('bulk-jobs.SEND_PASSWORD_RESET_LINK.button').click()
    await pseudo.check('bulk job, links', see('bulk-jobs.SEND_PASSWORD_RESET_LINK.message'))
    await pseudo.confirm('bulk-jobs.SEND_PASSWORD_RESET_LINK.button').click()
    await see('bulk-jobs.status.DONE').waitFor()
    await pseudo.check('bulk job, results', see('bulk-jobs.results.unchanged'))
    await pseudo.confirm('ui.button.done').click()
  })
  await test.step('the password of another user', async () => {
    await page.goto(`${profile}/change-password`)
    await pseudo.check('change password', pseudo.field('passwords.change.current'))
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('change password, empty', see('passwords.change.currentMissing'))
    await pseudo.field('passwords.change.current').fill('Wrong-One-123')
    for (const weak of ['a', 'Summer-2026', 'Brisk-Mea-41', 'Brisk-Meadow-41']) {
      await pseudo.field('passwords.fields.new').fill(weak)
      await pseudo.check(`change password, ${weak}`)
    }
    await pseudo.field('passwords.fields.repeat').fill('Brisk')
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('change password, mismatch', see('passwords.fields.mismatch'))
    await pseudo.confirm('passwords.fields.generate').click()
    await pseudo.check('change password, generated', see('passwords.fields.copied'))
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('change password, wrong', page.locator('[aria-invalid=true]').first())
    await pseudo.field('passwords.change.current').fill('Quiet-Harbour-72')
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('password changed', see('passwords.change.done'))
    await pseudo.confirm('passwords.result.copyDetails').click()
    await pseudo.check('sign-in details copied', pseudo.confirm('ui.copyButton.copied'))
    await pseudo.confirm('ui.button.done').click()
    await pseudo.check('profile, must choose a new password', see('users.password.mustChange'))
    await api.mutate('blockUsers', { userIds: [maya] }, 'results { __typename }')
    // Before the page opens, so that its timers follow this clock.
    await page.clock.install()
    await page.goto(`${profile}/change-password`)
    await pseudo.check('change password, blocked', pseudo.field('passwords.change.current'))
    const [currentPassword, next] = ['Quiet-Harbour-72', 'Calm-Meadow-41']
    await pseudo.field('passwords.change.current').fill(currentPassword)
    await pseudo.field('passwords.fields.new').fill(next)
    await pseudo.field('passwords.fields.repeat').fill(next)
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('password changed, still blocked', pseudo.confirm('users.actions.unblock'))
    await pseudo.confirm('users.actions.unblock').click()
    await pseudo.closeNotifications()
    await page.clock.fastForward('05:00')
    await pseudo.check('the password is forgotten', see('passwords.result.gone'))
    // The countdown stands still, so that it lasts until both widths are checked.
    await page.clock.setFixedTime(new Date())
    const useUpAttempts = () =>
      new PseudoApi(page.request, rekey).useUpAttempts('changePassword', {
        currentPassword: 'Wrong-One-123',
        newPassword: next,
      })
    await page.goto(`${profile}/change-password`)
    await pseudo.field('passwords.change.current').fill(currentPassword)
    await pseudo.field('passwords.fields.new').fill(newPassword)
    await pseudo.field('passwords.fields.repeat').fill(newPassword)
    await useUpAttempts()
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('change password, too many attempts', pseudo.waitButton())
    await page.keyboard.press('Escape')
    await rekey.letProofsAge()
    await page.goto(profile)
    await pseudo.button('users.actions.menu').click()
    await pseudo.item('users.actions.delete').click()
    await pseudo.field('users.delete.label').fill(member.login)
    await pseudo.confirm('users.delete.submit').click()
    await pseudo.field('reauthentication.form.password').fill(currentPassword)
    await useUpAttempts()
    await pseudo.button('reauthentication.form.confirm').click()
    await pseudo.check('confirm identity, too many attempts', pseudo.waitButton())
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
  })
  await test.step('operations', async () => {
    await page.goto(`${profile}/operations`)
    await pseudo.check('operations of a profile', see('operations.tab.intro'))
    await page.goto(`${rekey.url}/account/operations`)
    await pseudo.check('operations', see('operations.page.intro'))
    await page.getByRole('table').getByRole('button', { expanded: false }).first().click()
    await pseudo.check('operation details', see('operations.details.requestId').first())
    await page.getByRole('combobox', named(t('operations.filter.action'))).click()
    await pseudo.check('operations, actions', page.getByRole('option').first())
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', named(t('operations.filter.outcome'))).click()
    await page
      .getByRole('option', { name: t('operations.outcome.REFUSED') })
      .first()
      .click()
    await pseudo.check('operations, refused', see('operations.reason.CURRENT_PASSWORD_INCORRECT'))
    await page.goto(`${rekey.url}/account/operations?ip=nonsense`)
    await pseudo.check('operations, wrong filter', see('operations.filter.ipInvalid'))
    await page.goto(`${rekey.url}/account/operations?ip=203.0.113.9`)
    await pseudo.check('operations, none', see('operations.list.noMatch'))
    const actor = page.getByRole('combobox', named(t('operations.filter.actor')))
    await actor.fill('Payroll')
    await pseudo.check('operations, no user', see('users.select.nothingFound'))
  })
  await test.step('failures', async () => {
    await page.goto(`${rekey.url}/account/users/00000000-0000-4000-8000-000000000000`)
    await pseudo.check('unknown user', see('users.profile.notFoundTitle'))
    await page.goto(`${rekey.url}/nowhere`)
    await pseudo.check('not found', see('app.notFound.title'))
    await rekey.shareMailbox(
      [admin.login, 'info@xn--mller-kva.example'],
      [member.login, 'info@müller.example'],
    )
    await page.goto(`${rekey.url}/account/users`)
    await pseudo.check('users with one mailbox', see('users.sharedMailboxes.title'))
    await page.context().setOffline(true)
    await pseudo.field('users.table.search').fill('adam')
    await pseudo.check('users, offline', see('ui.loadFailure.title'))
    // The list loads by itself when the connection is back.
    await page.context().setOffline(false)
    await expect(see('ui.loadFailure.title')).toBeHidden()
    page.removeAllListeners('console')
    await page.route(/\/assets\/ImportUsersPage-/, route => route.abort())
    await pseudo.link('invitations.add.import').click()
    await pseudo.check('missing file', see('app.routeFailure.title'))
  })
})

test('around the own account, all texts are in catalogues and have room', async ({
  page,
  browser,
  rekey,
  api,
  pseudo,
  sms,
}) => {
  await page.clock.install()
  const see = pseudo.text
  const open = (tab: string) => page.goto(`${rekey.url}/account/me${tab}`)
  const home = () => expect(page.getByRole('heading', { name: member.name })).toBeVisible()
  const leave = async () => {
    await pseudo
      .button('app.userMenu.label', { name: member.name, initials: initialsOf(member.name) })
      .click()
    await pseudo.item('sessions.signOut').click()
    await expect(pseudo.heading('sessions.signIn.title')).toBeVisible()
  }
  await plugIn(page)
  const secondFactorMethods = ['TOTP', 'SMS', 'PASSKEY']
  await api.mutate('updateSecuritySettings', { secondFactorMethods, trustedDevices: 'WEEK' })
  let app = new AuthenticatorApp('')
  let codes: string[] = []
  const keepCodes = async () => {
    await expect(pseudo.dialog().getByRole('listitem')).toHaveCount(10)
    codes = await pseudo.dialog().getByRole('listitem').allTextContents()
    await pseudo.field('second-factor.codes.saved').check()
    await pseudo.confirm('ui.button.done').click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }

  await test.step('tabs', async () => {
    await page.goto(`${rekey.url}/account/me`)
    await pseudo.button('sessions.signIn.withPasskey').click()
    await pseudo.check('sign-in, no passkey', see('second-factor.passkey.notUsed'))
    await pseudo.signIn(member.login)
    await home()
    for (const tab of ['profile', 'security', 'api', 'activity'] as const) {
      await pseudo.tab(`account.tab.${tab}`).click()
      await expect(pseudo.tab(`account.tab.${tab}`)).toHaveAttribute('aria-selected', 'true')
      await page.waitForLoadState('networkidle')
      await pseudo.check(`my account, ${tab}`, page.getByRole('tabpanel'))
    }
  })
  await test.step('sessions', async () => {
    const other = await browser.newContext({
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      extraHTTPHeaders: { 'x-forwarded-for': '198.51.100.4' },
    })
    for (const _ of [1, 2, 3]) {
      await other.clearCookies()
      await PseudoApi.of(other.request, rekey, member.login)
    }
    await other.close()
    await open('/security')
    await pseudo.check('sessions', see('sessions.device.current'))
    const sessions = page.getByRole('list', named(t('sessions.list.label')))
    await pseudo.whileFailing('endSession', null, async () => {
      await sessions.getByRole('button').first().click()
      await pseudo.checkUnanswered('session not ended', see('failure.answerLost'))
    })
    await sessions.getByRole('button').first().click()
    await pseudo.check('session ended', see('sessions.list.ended'))
    await pseudo.button('sessions.list.endOthers').click()
    await pseudo.check('end other sessions', pseudo.confirm('sessions.endOthers.confirm'))
    await pseudo.confirm('sessions.endOthers.confirm').click()
    await pseudo.check('other sessions ended', see('sessions.list.count', { count: 1 }))
  })
  await test.step('an authenticator app', async () => {
    await open('')
    await pseudo.tab('account.tab.security').click()
    const device = await browser.newContext()
    await PseudoApi.of(device.request, rekey, member.login)
    await device.close()
    await pseudo.button('second-factor.add.TOTP').click()
    await pseudo.check('add app', pseudo.confirm('second-factor.enrol.add'))
    const key = pseudo.dialog().getByLabel(t('second-factor.enrol.key'), { exact: true })
    app = new AuthenticatorApp(((await key.textContent()) ?? '').replaceAll(' ', ''))
    await pseudo.field('second-factor.name.label').fill('')
    await pseudo.confirm('second-factor.enrol.add').click()
    await pseudo.check('add app, empty', see('second-factor.name.missing'))
    await pseudo.field('second-factor.name.label').fill('Payroll')
    await pseudo.field('second-factor.enrol.totpCode').fill('000000')
    await pseudo.confirm('second-factor.enrol.add').click()
    await pseudo.check('add app, wrong code', page.locator('[aria-invalid=true]'))
    await pseudo.field('second-factor.enrol.totpCode').fill(await app.code(page))
    await pseudo.confirm('second-factor.enrol.add').click()
    await pseudo.check('recovery codes', pseudo.field('second-factor.codes.saved'))
    await page.goBack()
    await pseudo.check('recovery codes, leave', pseudo.confirm('ui.leaveGuard.leave'))
    await pseudo.confirm('ui.leaveGuard.stay').click()
    await keepCodes()
    await pseudo.check('second factor added', see('second-factor.tab.endOthers'))
    await pseudo.button('sessions.endOthersOffer.confirm').first().click()
    await pseudo.check(
      'second factor added, other sessions ended',
      see('sessions.list.endedCount', { count: 1 }),
    )
    await pseudo.closeNotifications()
  })
  await test.step('codes by SMS and a passkey', async () => {
    await pseudo.button('second-factor.add.SMS').click()
    await pseudo.check('add SMS', pseudo.dialog())
    const phone = pseudo.field('second-factor.enrol.phone')
    const code = pseudo.field('second-factor.fields.sms')
    await expect(phone.or(code)).toBeVisible()
    if (await phone.isVisible()) {
      await pseudo.confirm('second-factor.enrol.sendCode').click()
      await pseudo.check('add SMS, empty', see('second-factor.enrol.phoneMissing'))
      await phone.fill('070 123 45 67')
      await pseudo.confirm('second-factor.enrol.sendCode').click()
      await pseudo.check('add SMS, no country', page.locator('[aria-invalid=true]'))
      await phone.fill('+46 70 123 45 67')
      await pseudo.confirm('second-factor.enrol.sendCode').click()
    }
    await pseudo.check('add SMS, code', code)
    await expect.poll(() => sms.inbox.requests.length).toBeGreaterThan(0)
    await code.fill(codeIn(sms.inbox.requests.at(-1)))
    await pseudo.confirm('second-factor.enrol.add').click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await pseudo.button('second-factor.add.PASSKEY').click()
    await pseudo.check('add passkey', pseudo.field('second-factor.name.label'))
    await pseudo.confirm('ui.button.continue').click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await pseudo.button('second-factor.add.PASSKEY').click()
    await pseudo.confirm('ui.button.continue').click()
    await pseudo.check('add passkey again', see('second-factor.passkey.alreadyAdded'))
    await page.keyboard.press('Escape')
    await pseudo.check('second factors', pseudo.button('second-factor.recovery.make'))
    await pseudo.button('second-factor.item.renameOf', { name: 'Payroll' }).click()
    await pseudo.field('second-factor.name.label').fill('')
    await pseudo.confirm('second-factor.rename.submit').click()
    await pseudo.check('rename', see('second-factor.name.missing'))
    await page.keyboard.press('Escape')
    await pseudo.button('second-factor.recovery.make').click()
    await pseudo.check('make recovery codes', see('second-factor.recovery.makeText'))
    await pseudo.confirm('second-factor.recovery.makeConfirm').click()
    await keepCodes()
  })
  await test.step('confirming the identity', async () => {
    await rekey.letProofsAge()
    await pseudo.button('second-factor.item.removeOf', { name: 'Payroll' }).click()
    await pseudo.check('remove factor', see('second-factor.remove.other'))
    await pseudo.confirm('second-factor.remove.confirm').click()
    await pseudo.check('confirm identity', see('reauthentication.form.intro'))
    await pseudo.button('reauthentication.form.confirm').click()
    await pseudo.check('confirm identity, empty', see('forms.password.missing'))
    await page.keyboard.press('Escape')
    await pseudo.check('not confirmed', see('failure.notConfirmed'))
    await page.keyboard.press('Escape')
  })
  await test.step('the second step', async () => {
    await leave()
    await pseudo.signIn(member.login)
    await pseudo.check('second step', pseudo.heading('second-factor.step.title'))
    for (const method of ['SMS', 'PASSKEY', 'TOTP', 'RECOVERY_CODE'] as const) {
      const way = pseudo.button(`second-factor.way.${method}`)
      if (await way.isVisible()) await way.click()
      await pseudo.check(`second step, ${method}`, pseudo.heading('second-factor.step.title'))
    }
    await pseudo.field('second-factor.fields.recoveryCode').press('Enter')
    await pseudo.check('second step, empty', see('second-factor.challenge.recoveryCodeMissing'))
    await pseudo.field('second-factor.fields.recoveryCode').fill('ABCD-EFGH-IJKL')
    await pseudo.whileFailing('answerChallenge', null, async () => {
      await pseudo.field('second-factor.fields.recoveryCode').press('Enter')
      await pseudo.check('second step, no answer', see('second-factor.step.lostAnswer'))
    })
    await pseudo.field('second-factor.fields.recoveryCode').press('Enter')
    await pseudo.check('second step, wrong', page.locator('[aria-invalid=true]'))
    await page.clock.fastForward('08:00')
    await pseudo.check('second step, time left', see('second-factor.step.back'))
    await page.clock.fastForward('02:30')
    await pseudo.check('second step, expired', see('second-factor.step.expired'))
    await pseudo.button('second-factor.step.restart').click()
    await pseudo.signIn(member.login)
    await expect(pseudo.heading('second-factor.step.title')).toBeVisible()
    await pseudo.button('second-factor.way.RECOVERY_CODE').click()
    await pseudo.field('second-factor.step.trust').check()
    await pseudo.field('second-factor.fields.recoveryCode').fill(codes[0] ?? '')
    await pseudo.field('second-factor.fields.recoveryCode').press('Enter')
    await home()
    await open('/security')
    await pseudo.check('trusted device', pseudo.button('trusted-devices.list.revokeAll'))
    await pseudo.button('trusted-devices.list.revokeAll').click()
    await pseudo.check('revoke trust', see('trusted-devices.revokeAll.text'))
    await pseudo.confirm('trusted-devices.revokeAll.confirm').click()
    await pseudo.check('trust revoked', see('trusted-devices.list.empty'))
  })
  await test.step('API tokens', async () => {
    // The proof of the owner is old too.
    await api.signIn(owner.login)
    await api.mutate('changeAccess', {
      userId: await api.idOf(member.login),
      role: 'ADMIN',
      grantedPermissions: [],
      withdrawnPermissions: [],
    })
    await open('/api')
    await pseudo.check('no API tokens', see('api-tokens.none.title'))
    await pseudo.button('api-tokens.tab.new').click()
    await pseudo.confirm('api-tokens.form.create').click()
    await pseudo.check('new token, empty', see('api-tokens.errors.noName'))
    await pseudo.field('api-tokens.form.name').fill('Payroll')
    await page.getByRole('combobox', named(t('api-tokens.form.expiry'))).click()
    await pseudo.check('new token, expiry', page.getByRole('option').first())
    await page
      .getByRole('option', { name: t('api-tokens.expiry.date') })
      .first()
      .click()
    await pseudo.confirm('api-tokens.form.create').click()
    await pseudo.check('new token, no date', see('api-tokens.errors.noDate'))
    await pseudo.field('api-tokens.form.lastDay').fill('2020-01-01')
    await pseudo.confirm('api-tokens.form.create').click()
    await pseudo.check('new token, past', see('api-tokens.errors.tooEarly'))
    await pseudo.choose('api-tokens.form.expiry', t('api-tokens.expiry.days', { days: 7 }))
    await page.getByRole('checkbox', named(t('access.permission.users.read.title'))).check()
    await pseudo.confirm('api-tokens.form.create').click()
    await pseudo.check('new token, shown', pseudo.confirm('ui.button.done'))
    await pseudo.confirm('ui.button.done').click()
    await pseudo.check('new token, not copied', see('ui.secretDialog.notCopied'))
    await pseudo.confirm('ui.secretDialog.closeWithoutCopying').click()
    await pseudo.check('API tokens', see('api-tokens.item.neverUsed'))
    await page
      .getByRole('button')
      .filter({ hasText: t('api-tokens.item.revoke') })
      .click()
    await pseudo.check('revoke token', see('api-tokens.revoke.text'))
    await pseudo.confirm('api-tokens.revoke.confirm').click()
    await pseudo.check('token revoked', see('api-tokens.revoke.done'))
  })
  await test.step('the own password', async () => {
    await open('/security/change-password')
    await pseudo.check('change own password', pseudo.field('passwords.change.current'))
    await pseudo.field('passwords.change.current').fill('Quiet-Harbour-72')
    await pseudo.field('passwords.fields.new').fill('Quiet-Harbour-72')
    await pseudo.field('passwords.fields.repeat').fill('Quiet-Harbour-72')
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check(
      'change own password, same',
      see('passwords.refused.SAME_AS_CURRENT', { own: 'true', name: '' }),
    )
    await pseudo.field('passwords.fields.new').fill(newPassword)
    await pseudo.field('passwords.fields.repeat').fill(newPassword)
    await pseudo.whileFailing('changePassword', null, async () => {
      await pseudo.confirm('passwords.change.submit').click()
      await pseudo.checkUnanswered(
        'change own password, no answer',
        see('passwords.change.lostAnswer'),
      )
    })
    await pseudo.confirm('passwords.change.submit').click()
    await pseudo.check('own password changed', see('passwords.change.done'))
  })
  await test.step('own operations', async () => {
    await open('/activity')
    await pseudo.check('own operations', see('operations.tab.introOwn'))
  })
  await test.step('a required second factor', async () => {
    await api.mutate('resetSecondFactor', { userId: await api.idOf(member.login) })
    await leave()
    await api.mutate('updateSecuritySettings', { secondFactor: 'REQUIRED' })
    await pseudo.signIn(member.login, newPassword)
    await pseudo.check('required second factor', pseudo.heading('second-factor.required.title'))
  })
})

test('around the settings, all texts are in catalogues and have room', async ({
  page,
  context,
  rekey,
  api,
  pseudo,
  mailbox,
}) => {
  const see = pseudo.text
  const settings = `${rekey.url}/account/settings`
  const receiver = await WebhookReceiver.start()

  await test.step('general', async () => {
    await page.goto(`${settings}/general`)
    await pseudo.signIn(admin.login)
    await pseudo.check('general', see('settings.general.defaults'))
    await page.keyboard.press('Control+k')
    await pseudo.check('palette', see('app.palette.actions'))
    const palette = page.getByRole('combobox', named(t('app.palette.title')))
    await palette.fill(member.name)
    await pseudo.check('palette, people', see('app.palette.allUsers', { search: member.name }))
    await palette.fill('Nora Lindgren')
    await pseudo.check('palette, nothing found', see('app.palette.none'))
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', named(t('settings.general.region'))).fill('Payroll')
    await pseudo.check('general, no region', see('settings.general.regionNotFound'))
    await page.getByRole('combobox', named(t('settings.general.region'))).fill(poland)
    await page.getByRole('option').first().click()
    await pseudo.link('app.navigation.mail').click()
    await pseudo.check('settings, leave', pseudo.confirm('ui.leaveGuard.leave'))
    await pseudo.confirm('ui.leaveGuard.stay').click()
    await pseudo.button('forms.save.save').last().click()
    await pseudo.check('general, saved', see('settings.general.saved'))
    await page.locator('#accentColor').fill('#ffcc00')
    await pseudo.check('general, adjusted colour', see('settings.look.adjusted'))
    await pseudo.button('forms.save.discard').first().click()
  })
  await test.step('security', async () => {
    await context.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.7' })
    await page.goto(`${settings}/security`)
    await pseudo.check('security', see('settings.secondFactor.REQUIRED.hint'))
    const userId = await api.idOf(member.login)
    await api.mutate('updateUser', { userId, phone: null })
    await page.getByRole('radio', named(t('settings.secondFactor.REQUIRED'))).check()
    const method = (id: 'SMS' | 'TOTP' | 'PASSKEY') =>
      page.getByRole('checkbox', named(t(`second-factor.method.${id}`)))
    await method('TOTP').uncheck()
    await method('PASSKEY').uncheck()
    await method('SMS').uncheck()
    await pseudo.button('forms.save.save').first().click()
    await pseudo.check('security, no method', see('settings.methods.missing'))
    await method('SMS').check()
    await pseudo.button('forms.save.save').first().click()
    const require = pseudo.confirm('settings.requireSecondFactor.confirm')
    await pseudo.check('require a second factor', require)
    await page.getByRole('radio', named(t('settings.requireSecondFactor.day'))).check()
    await require.click()
    await pseudo.check('require from a day, none', see('settings.requireSecondFactor.dayRange'))
    await page.getByRole('radio', named(t('settings.requireSecondFactor.now'))).check()
    await require.click()
    await pseudo.check('security, no phones', see('settings.phonesMissing.text'))
    const secondFactorRequiredFrom = new Date(Date.now() + 86_400_000).toISOString()
    const later = { secondFactor: 'REQUIRED', secondFactorRequiredFrom }
    await api.mutate('updateSecuritySettings', later)
    await page.reload()
    await pseudo.check('required later', see('second-factor.requiredFrom.title'))
    await api.mutate('updateSecuritySettings', { secondFactor: 'OPTIONAL' })
    await page.reload()
    await page.getByRole('radio', named(t('settings.trustedDevices.MONTH'))).check()
    await page.getByRole('radio', named(t('settings.trustedDevices.DAY'))).check()
    await pseudo.button('forms.save.save').first().click()
    await pseudo.check('security, saved', see('settings.secondFactor.saved'))

    const onlyTheseAddresses = page.getByRole('switch', {
      name: t('ip-authorization.switch.label'),
    })
    const add = pseudo.button('ip-authorization.add.submit')
    const range = pseudo.field('ip-authorization.add.range')
    await add.click()
    await pseudo.check('addresses, empty', see('ip-authorization.add.rangeMissing'))
    await range.fill('0.0.0.0/0')
    await add.click()
    await pseudo.check('addresses, too wide', page.locator('[aria-invalid=true]'))
    await range.fill('192.0.2.0/24')
    await pseudo.field('ip-authorization.add.note').fill('Payroll')
    await add.click()
    await pseudo.check('address added', see('ip-authorization.add.done', { range: '192.0.2.0/24' }))
    await pseudo.button('ip-authorization.add.useCurrent').click()
    await add.click()
    await pseudo.check('addresses', see('ip-authorization.item.youAreHere'))
    await onlyTheseAddresses.click()
    await pseudo.check('switch addresses on', pseudo.confirm('ip-authorization.switchOn.confirm'))
    await pseudo.confirm('ip-authorization.switchOn.confirm').click()
    await pseudo.check('addresses on', see('ip-authorization.switch.switchedOn'))
    await pseudo.button('ip-authorization.item.removeOf', { range: '203.0.113.7/32' }).click()
    await pseudo.confirm('ip-authorization.remove.confirm').click()
    await pseudo.check('address not removed', pseudo.dialog().getByRole('alert'))
    await page.keyboard.press('Escape')
    await context.setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.4' })
    await page.goto(`${rekey.url}/account/me`)
    await pseudo.check('address not allowed', see('sessions.endReason.ADDRESS_NOT_ALLOWED'))
    await pseudo.signIn(member.login)
    await pseudo.check('sign-in, address not allowed', page.getByRole('alert').last())
    await context.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.7' })
    await page.goto(`${settings}/security`)
    await onlyTheseAddresses.click()
    await pseudo.check('addresses off', see('ip-authorization.switch.switchedOff'))
    await pseudo.button('ip-authorization.item.removeOf', { range: '192.0.2.0/24' }).click()
    await pseudo.check('remove address', see('ip-authorization.remove.off'))
    await pseudo.confirm('ip-authorization.remove.confirm').click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await context.setExtraHTTPHeaders({})
  })
  await test.step('mail', async () => {
    await page.goto(`${settings}/mail`)
    await pseudo.check('mail', see('mail.outbox.none'))
    await pseudo.button('mail.test.send').click()
    await pseudo.check('test mail', see('mail.test.accepted'))
    mailbox.mailbox.treatments.set(admin.login, { rcpt: '550 5.7.1 Relaying denied' })
    await pseudo.button('mail.test.send').click()
    await pseudo.check('test mail refused', see('mail.test.refused'))
    mailbox.mailbox.treatments.set(nora.login, { rcpt: '550 5.1.1 No such user here' })
    const other = 'nora.l@demo.example'
    mailbox.mailbox.treatments.set(other, { rcpt: '450 4.2.0 Greylisted' })
    const { user } = await api.mutate('inviteUser', nora, 'user { id }')
    await api.mutate('inviteUser', { ...nora, login: other })
    await expect(async () => {
      await page.reload()
      await expect(see('mail.state.FAILED')).toBeVisible({ timeout: 3_000 })
    }).toPass()
    await pseudo.check('mail, failed', see('mail.state.FAILED'))
    await pseudo.button('mail.outbox.dropLabel', { recipient: other }).click()
    await pseudo.check('drop mail', pseudo.confirm('mail.outbox.drop'))
    await pseudo.confirm('mail.outbox.drop').click()
    await pseudo.check('mail dropped', see('mail.drop.done'))
    await page.getByRole('combobox', named(t('mail.outbox.state'))).click()
    await pseudo.check('mail, states', page.getByRole('option').first())
    await page
      .getByRole('option', { name: t('mail.state.DROPPED') })
      .first()
      .click()
    await pseudo.check(
      'mail, dropped',
      see('mail.progress.ended', { time: '' }).or(page.getByRole('table')),
    )
    await page.goto(`${rekey.url}/account/users/${user.id}`)
    await pseudo.check('invitation, mail failed', see('mail.banner.failed'))
    mailbox.mailbox.treatments.clear()
    await page.goto(`${settings}/mail`)
    await pseudo.button('mail.outbox.retryLabel', { recipient: nora.login }).click()
    await pseudo.check('mail, again', see('mail.outbox.retried'))
  })
  await test.step('webhooks', async () => {
    await page.goto(`${settings}/webhooks`)
    await pseudo.check('no webhooks', see('webhooks.list.none'))
    await pseudo.button('webhooks.form.add').click()
    await pseudo.check('add webhook', pseudo.field('webhooks.form.url'))
    await pseudo.confirm('webhooks.form.add').click()
    await pseudo.check('add webhook, empty', see('webhooks.url.missing'))
    for (const [url, fault] of [
      ['payroll.example', 'malformed'],
      ['https://user:secret@payroll.example/', 'credentials'],
      ['https://payroll.example/#part', 'fragment'],
    ] as const) {
      await pseudo.field('webhooks.form.url').fill(url)
      await pseudo.confirm('webhooks.form.add').click()
      await pseudo.check(`add webhook, ${fault}`, see(`webhooks.url.${fault}`))
    }
    await pseudo.dialog().getByRole('checkbox').first().check()
    await pseudo.field('webhooks.form.url').fill(`https://example.com/${'x'.repeat(2000)}`)
    await pseudo.confirm('webhooks.form.add').click()
    await pseudo.check('add webhook, too long', page.locator('[aria-invalid=true]'))
    await pseudo.field('webhooks.form.url').fill(receiver.url)
    await pseudo.field('webhooks.form.description').fill('Payroll')
    await pseudo.confirm('webhooks.form.add').click()
    await pseudo.check('webhook secret', see('webhooks.secret.text'))
    await pseudo.confirm('ui.button.done').click()
    await pseudo.confirm('ui.secretDialog.closeWithoutCopying').click()
    await pseudo.check(
      'webhooks',
      page.getByRole('link', { name: 'Payroll' }).filter({ visible: true }),
    )
    await page.getByRole('link', { name: 'Payroll' }).filter({ visible: true }).click()
    await pseudo.check('webhook', see('webhooks.deliveries.none'))
    receiver.answerNext(response => response.writeHead(500).end('Oh no'))
    await pseudo.button('webhooks.page.test').click()
    await pseudo.check('delivery', see('webhooks.attempt.answered', { status: '500' }))
    await page.keyboard.press('Escape')
    await pseudo.check('webhook, failed delivery', see('webhooks.status.FAILED'))
    await page.getByRole('combobox', named(t('webhooks.deliveries.status'))).click()
    await pseudo.check('webhook, statuses', page.getByRole('option').first())
    await page
      .getByRole('option', { name: t('webhooks.status.PENDING') })
      .first()
      .click()
    await pseudo.check('webhook, no match', see('webhooks.deliveries.noMatch'))
    await pseudo.button('webhooks.page.edit').click()
    await pseudo.check('edit webhook', pseudo.confirm('webhooks.form.save'))
    await page.keyboard.press('Escape')
    await pseudo.button('webhooks.page.rotate').click()
    await pseudo.check('rotate secret', see('webhooks.rotate.endOldHint'))
    await pseudo.confirm('webhooks.rotate.confirm').click()
    await pseudo.confirm('ui.button.done').click()
    await pseudo.confirm('ui.secretDialog.closeWithoutCopying').click()
    await pseudo.check('webhook, rotated', see('webhooks.facts.oldSecret'))
    await pseudo.button('webhooks.page.disable').click()
    await pseudo.check('disable webhook', see('webhooks.disable.text'))
    await pseudo.confirm('webhooks.page.disable').click()
    await pseudo.check('webhook disabled', see('webhooks.disabled.BY_USER'))
    await pseudo.button('webhooks.page.enable').click()
    await expect(see('webhooks.disabled.BY_USER')).toBeHidden()
    receiver.answerNext(response => response.destroy())
    await pseudo.button('webhooks.page.test').click()
    await pseudo.check('delivery, no answer', see('webhooks.failure.CONNECTION_FAILED'))
    await page.keyboard.press('Escape')
    receiver.answer(response => response.writeHead(410).end())
    await pseudo.button('webhooks.page.test').click()
    await expect(see('webhooks.attempt.answered', { status: '410' })).toBeVisible()
    await page.keyboard.press('Escape')
    await pseudo.check('webhook, gone', see('webhooks.disabled.GONE'))
    await pseudo.button('webhooks.page.delete').click()
    await pseudo.check('delete webhook', pseudo.confirm('webhooks.page.delete'))
    await pseudo.confirm('webhooks.page.delete').click()
    await pseudo.check('webhook deleted', see('webhooks.done.deleted'))
    await page.goto(`${settings}/webhooks/00000000-0000-4000-8000-000000000000`)
    await pseudo.check('unknown webhook', see('webhooks.page.unknown'))
  })
  await receiver.stop()
  await test.step('password policy', async () => {
    await page.goto(`${settings}/password-policy`)
    await pseudo.check('password policy', see('settings.passwordAge.title'))
    await pseudo.field('settings.passwordPolicy.tryField').fill('Nowak')
    const bound = page.locator('#MAX_LENGTH')
    await bound.fill('9')
    await pseudo.button('forms.save.save').first().click()
    await pseudo.check('password policy, contradiction', page.locator('[aria-invalid=true]'))
    await bound.fill('31')
    await pseudo.button('forms.save.save').first().click()
    await pseudo.check('password policy, saved', see('settings.passwordPolicy.saved'))
    await pseudo.closeNotifications()
    const age = (id: 'remind' | 'require') =>
      page.getByRole('switch', { name: t(`settings.passwordAge.${id}`) })
    await age('remind').check()
    await age('require').check()
    await page.getByLabel(t('settings.passwordAge.days'), { exact }).first().fill('200')
    await page.getByLabel(t('settings.passwordAge.days'), { exact }).last().fill('100')
    await pseudo.button('forms.save.save').last().click()
    await pseudo.check('age of passwords, too late', see('settings.passwordAge.remindTooLate'))
    await page.getByLabel(t('settings.passwordAge.days'), { exact }).first().fill('50')
    await pseudo.button('forms.save.save').last().click()
    await pseudo.check('age of passwords, asked', pseudo.confirm('settings.passwordAge.confirm'))
    await pseudo.confirm('ui.button.cancel').click()
    await age('require').uncheck()
    // So late that nobody in the demo gets a reminder, which would be in their own language.
    await page.getByLabel(t('settings.passwordAge.days'), { exact }).first().fill('3650')
    await pseudo.button('forms.save.save').last().click()
    await pseudo.check('age of passwords, saved', see('settings.passwordAge.saved'))
  })
})

test('without permission, all texts are in catalogues and have room', async ({
  page,
  rekey,
  api,
  pseudo,
}) => {
  await page.goto(`${rekey.url}/account/settings/general`)
  await pseudo.signIn(member.login)
  await page.waitForURL(url => url.pathname !== '/sign-in')
  for (const [path, title] of [
    ['settings/general', 'settings.page.notAllowedTitle'],
    ['settings/security', 'settings.page.notAllowedTitle'],
    ['settings/password-policy', 'settings.page.notAllowedTitle'],
    ['settings/mail', 'mail.forbidden.title'],
    ['settings/webhooks', 'webhooks.forbidden.title'],
    ['api-tokens', 'api-tokens.all.forbiddenTitle'],
    ['users', 'users.table.notAllowedTitle'],
    ['users/import', 'invitations.page.forbiddenTitle'],
    ['operations', 'operations.page.forbiddenTitle'],
    [`users/${await api.idOf(admin.login)}`, 'users.profile.notAllowed'],
  ] as const) {
    await page.goto(`${rekey.url}/account/${path}`)
    await pseudo.check(`${path}, not permitted`, pseudo.text(title))
  }
})

test('around an import, all texts are in catalogues and have room', async ({
  page,
  rekey,
  pseudo,
}) => {
  const see = pseudo.text
  // The cells of the files, which the preview shows.
  pseudo.know(
    /\b(Ann|Berg|Maya|Bo|Cy|Di|Ed|Gil|Hal|King|Polish|admin|en|cs|Jürgen|People|Notes)\b/g,
  )
  pseudo.know(/(Flo)+|not an address|#REF!|4,86E\+10/g)
  const choose = (content: string | Uint8Array, name = 'people.csv') =>
    page.getByLabel(t('invitations.choose.label'), { exact }).setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    })
  const again = () => pseudo.button('invitations.preview.chooseAnother').click()
  await page.goto(`${rekey.url}/account/users/import`)
  await pseudo.signIn(admin.login)
  await pseudo.check('import', pseudo.button('invitations.choose.template'))
  await choose('')
  await pseudo.check('import, empty file', see('invitations.file.unusable'))
  await again()
  await choose(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'old.xls')
  await pseudo.check('import, old Excel file', see('invitations.file.oldExcel'))
  await choose(workbookOf({ Notes: [] }).subarray(0, 100), 'broken.xlsx')
  await pseudo.check('import, broken workbook', see('invitations.workbook.unknown'))
  await choose(new Uint8Array(10 * 1024 * 1024 + 1), 'large.csv')
  await pseudo.check('import, large file', see('invitations.file.tooLarge'))
  await choose('Login,First name\n')
  await pseudo.check('import, only headings', see('invitations.file.onlyHeadings'))
  await again()
  for (const [id, content] of [
    [see('invitations.file.notText'), 'PNG\r\n\x1A\n\0\0\0\rIHDR'],
    [see('invitations.file.quotes', { line: 2 }), 'Login,First name\nann@new.example,"Ann\n'],
    [see('invitations.file.emptyLines'), `Login,First name\n${'\n'.repeat(45_000)}`],
    [see('invitations.file.tooManyLines', { max: 20_000 }), `Login\n${'a\n'.repeat(20_001)}`],
    [see('invitations.file.tooManyColumns', { max: 200 }), `Login${',x'.repeat(201)}\na\n`],
  ] as const) {
    await choose(content)
    await pseudo.check('import, file that cannot be used', id)
    await again()
  }
  await choose('no,names@x.example\n')
  await pseudo.check('import, no first name', see('invitations.advice.noFirstName'))
  await again()
  await choose('a;b;c\n1;2;3\n')
  await pseudo.check('import, no columns', see('invitations.advice.noLoginAndFirstName'))
  await page.getByRole('combobox', named(t('invitations.reading.encoding'))).click()
  await pseudo.check('import, encodings', page.getByRole('option').first())
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', named(t('invitations.reading.separator'))).click()
  await pseudo.check('import, separators', page.getByRole('option').first())
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', named(t('invitations.reading.headings'))).click()
  await pseudo.check('import, headings', page.getByRole('option').first())
  await page.keyboard.press('Escape')
  await again()
  await choose(
    [
      'Mail;Given name;Surname;Phone;Role;Language;Notes',
      'ann@new.example;Ann;Berg;+46 70 123;admin;en;;more',
      `${member.login};Maya;;;;;`,
      'not an address;Bo;;;;;',
      'ANN@new.example;Ann;;;;;',
      'cy@new.example;;;=1+1;;;',
      ';Di;;;King;;',
      'ed@new.example;Ed;;4,86E+10;;Polish;',
      `flo@new.example;${'Flo'.repeat(90)};;;;;`,
      'gil@new.example;#REF!;;;;;',
      // A language without texts, so that the mail is in the default language of the account.
      'hal@new.example;Hal;;;;cs;',
    ].join('\n'),
  )
  await pseudo.check('import, problems', see('invitations.lines.ready'))
  await page.getByRole('checkbox').first().check()
  await pseudo.check('import, only problems', see('invitations.problem.noLogin'))
  const count = 2
  await pseudo.button('invitations.preview.invite', { count }).click()
  await pseudo.check('import, question', pseudo.confirm('invitations.confirm.send', { count }))
  await pseudo.confirm('invitations.confirm.send', { count }).click()
  await pseudo.check('import, report', pseudo.button('invitations.report.downloadAll'))
  await pseudo.button('invitations.report.again').click()
  await choose(
    workbookOf({
      Notes: [['Nothing here']],
      People: [
        ['Vorname', 'E-Mail-Adresse'],
        ['Jürgen', 'juergen@new.example'],
      ],
    }),
    'people.xlsx',
  )
  await page.getByRole('combobox', named(t('invitations.reading.sheet'))).click()
  await pseudo.check('import, sheets', page.getByRole('option').first())
  await page.getByRole('option', { name: 'People' }).click()
  await pseudo.check('import, workbook', see('invitations.lines.ready'))
  await pseudo.button('invitations.preview.invite', { count: 1 }).click()
  await page.clock.install()
  await pseudo.whileFailing('inviteUsers', null, async () => {
    await pseudo.confirm('invitations.confirm.send', { count: 1 }).click()
    await pseudo.checkUnanswered('import, no answer', see('invitations.report.answerLost'))
  })
})

test('without a mail server, all texts are in catalogues and have room', async ({
  page,
  emptyRekey,
}) => {
  const pseudo = new PseudoPage(page, ['Nora', 'NL', 'NO'])
  const see = pseudo.text
  await page.goto(emptyRekey.url)
  await pseudo.check('no owner', see('sessions.signIn.noOwner'))
  await page.goto(emptyRekey.setupLink ?? '')
  await pseudo.check('set up', pseudo.button('setup.form.submit'))
  await pseudo.button('setup.form.submit').click()
  await pseudo.check('set up, empty', see('setup.form.firstNameMissing'))
  await pseudo.field('forms.login.label').fill(nora.login)
  await pseudo.field('users.field.firstName').fill(nora.firstName)
  await pseudo.field('passwords.fields.first').fill('short')
  await pseudo.field('passwords.fields.repeatFirst').fill('short')
  await pseudo.button('setup.form.submit').click()
  await pseudo.check('set up, unmet', see('passwords.fields.unmet'))
  await pseudo.field('passwords.fields.first').fill(newPassword)
  await pseudo.field('passwords.fields.repeatFirst').fill(newPassword)
  await pseudo.whileFailing('setUpOwner', null, async () => {
    await pseudo.button('setup.form.submit').click()
    await pseudo.check('set up, no answer', see('setup.form.lostAnswer'))
  })
  await pseudo.button('setup.form.submit').click()
  // The language of the first owner is the default of the account.
  const home = page.getByRole('heading', { name: 'Home' })
  await expect(home.or(pseudo.heading('home.page.title'))).toBeVisible()
  const { viewer } = await callApi(page, emptyRekey, '{ viewer { id } }', {})
  const input = { userId: viewer.id, language: pseudoLocale }
  await callApi(page, emptyRekey, updateUser, { input })
  await page.goto(`${emptyRekey.url}/account/users`)
  await pseudo.check('users, one', pseudo.button('invitations.add.one'))
  await pseudo.button('invitations.add.one').click()
  await pseudo.check('add user without mail', see('invitations.dialog.introUnmailed'))
  await pseudo.dialog().getByLabel(t('invitations.field.firstName'), { exact }).fill('Nora')
  await pseudo
    .dialog()
    .getByLabel(t('invitations.field.login'), { exact })
    .fill('nora.l@demo.example')
  await pseudo.dialog().getByRole('button').last().click()
  await pseudo.check('user added without mail', see('invitations.dialog.added'))
  await pseudo.closeNotifications()
  const { users } = await callApi(page, emptyRekey, '{ users { nodes { id status } } }', {})
  const invited = users.nodes.find(({ status }: { status: string }) => status === 'INVITED').id
  await page.goto(`${emptyRekey.url}/account/users/${invited}`)
  await pseudo.check('invitation without mail', pseudo.button('users.actions.copyInvitation'))
  await pseudo.button('users.actions.copyInvitation').click()
  await pseudo.check('invitation link without mail', pseudo.confirm('users.signIn.createLink'))
  await page.keyboard.press('Escape')
  await emptyRekey.letLinksExpire()
  await page.reload()
  await pseudo.check('expired invitation', see('invitations.notice.title.EXPIRED'))
  await page.goto(`${emptyRekey.url}/account/users/${invited}/change-password`)
  await pseudo.check('activate user', pseudo.field('passwords.change.current'))
  await pseudo.field('passwords.change.current').fill(newPassword)
  await pseudo.field('passwords.fields.new').fill('Calm-Meadow-41')
  await pseudo.field('passwords.fields.repeat').fill('Calm-Meadow-41')
  await pseudo.confirm('passwords.change.submit').click()
  await pseudo.check('user activated', see('passwords.change.activated'))
  await page.goto(`${emptyRekey.url}/account/settings/mail`)
  await pseudo.check('mail is not configured', see('mail.notConfigured.title'))
  await pseudo.button('mail.test.send').click()
  await pseudo.check('test mail, saved', see('mail.test.kept'))
  await page.goto(`${emptyRekey.url}/account/settings/security`)
  await pseudo.check('security without SMS', see('settings.methods.smsUnavailable'))
  await page.context().clearCookies()
  await page.goto(emptyRekey.setupLink ?? '')
  await pseudo.check(
    'used link',
    see('one-time-links.title.UNKNOWN').or(pseudo.button('setup.form.submit')),
  )
})

test('every mail that Rekey can send is in a catalogue', async ({
  rekey,
  api,
  pseudo,
  mailbox,
  playwright,
}) => {
  // The fixture checks the texts of all mails at the end.
  pseudo.know('Payroll')
  const contexts: APIRequestContext[] = []
  const newDevice = async (address: string) => {
    const context = await playwright.request.newContext({
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      extraHTTPHeaders: { 'x-forwarded-for': address },
    })
    contexts.push(context)
    return context
  }
  const password = 'Quiet-Harbour-72'
  const subjects = () => mailbox.mailbox.mails.map(mail => mail.subject)
  const received = (subject: Parameters<typeof serverText>[0]) =>
    expect.poll(subjects).toContain(serverText(subject))
  await test.step('passwords, logins and invitations', async () => {
    const { user } = await api.mutate('inviteUser', nora, 'user { id }')
    const change = { currentPassword: password, newPassword, requireChangeAtNextSignIn: false }
    await api.mutate('changePassword', { userId: user.id, ...change })
    const adminId = await api.idOf(admin.login)
    await api.mutate('changePassword', { userId: adminId, ...change })
    await api.mutate('requestPasswordReset', { login: admin.login })
    await linkMailedTo(mailbox, admin.login)
    await api.mutate('updateUser', { userId: adminId, login: 'adam.nowak@demo.example' })
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000)
    await api.mutate('createApiToken', { name: 'Payroll', permissions: [], expiresAt: tomorrow })
    await api.call('mutation { sendTestMail { errors { __typename } } }')
  })
  await test.step('second factors and new devices', async () => {
    await api.mutate('updateSecuritySettings', { secondFactorMethods: ['TOTP'] })
    const userId = await api.idOf(member.login)
    await PseudoApi.of(await newDevice('192.0.2.10'), rekey, member.login)
    const home = await PseudoApi.of(await newDevice('198.51.100.10'), rekey, member.login)
    const { id } = await home.addApp()
    const regenerated = await home.call(
      'mutation { regenerateRecoveryCodes { codes errors { __typename } } }',
    )
    const away = await newDevice('203.0.113.10')
    const begin = new PseudoApi(away, rekey)
    const { challenge } = await begin.mutate(
      'logIn',
      { login: member.login, password },
      'challenge { token }',
    )
    const [code] = regenerated.regenerateRecoveryCodes.codes
    await begin.mutate('answerChallenge', { token: challenge.token, method: 'RECOVERY_CODE', code })
    await home.mutate('removeSecondFactor', { id })
    await home.addApp()
    await api.mutate('resetSecondFactor', { userId })
  })
  await test.step('actions of administrators', async () => {
    const userId = await api.idOf(member.login)
    const results = 'results { errors { __typename } }'
    const many = { userIds: [userId] }
    const home = await PseudoApi.of(await newDevice('192.0.2.10'), rekey, member.login)
    const expiresAt = new Date(Date.now() + 24 * 60 * 60 * 1000)
    const token = { name: 'Payroll', permissions: [], expiresAt }
    const { apiToken } = await home.mutate('createApiToken', token, 'apiToken { id }')
    await api.mutate('revokeUserApiToken', { userId, apiTokenId: apiToken.id })
    await api.mutate('updateSecuritySettings', { trustedDevices: 'MONTH' })
    const { codes } = await home.addApp()
    const trusted = new PseudoApi(await newDevice('192.0.2.10'), rekey)
    const login = { login: member.login, password }
    const { challenge } = await trusted.mutate('logIn', login, 'challenge { token }')
    const proof = { token: challenge.token, method: 'RECOVERY_CODE', code: codes[0] }
    await trusted.mutate('answerChallenge', { ...proof, trustDevice: true })
    await api.mutate('revokeUserTrustedDevices', { userId })
    const { viewer } = await home.call('{ viewer { sessions { nodes { id } } } }')
    await api.mutate('endUserSession', { userId, sessionId: viewer.sessions.nodes[0].id })
    for (const name of [
      'requirePasswordChange',
      'withdrawPasswordChangeRequirement',
      'signOutUsers',
      'blockUsers',
      'unblockUsers',
    ]) {
      await api.mutate(name, many, results)
    }
    await api.mutate('createPasswordResetLink', { userId })
    await api.mutate('sendPasswordResetLinks', many, results)
    await api.mutate('secureUser', { userId })
    const someone = { ...nora, login: 'nora.two@demo.example' }
    const { user } = await api.mutate('inviteUser', someone, 'user { id }')
    await api.mutate('createInvitationLink', { userId: user.id })
    const imported = {
      ...nora,
      login: 'nora.three@demo.example',
      language: pseudoLocale,
      passwordHash: '$2b$10$6Lx/LI1mngFSbUwtnszD/.Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou',
    }
    await api.mutate('importUsers', { users: [imported] }, results)
  })
  await test.step('the end of an account', async () => {
    await api.call(
      'mutation { updateOwnDeletion(input: { allowed: true }) { settings { allowed } } }',
    )
    const request = 'mutation { requestOwnDeletion { errors { __typename } } }'
    const leaving = await PseudoApi.of(
      await newDevice('192.0.2.20'),
      rekey,
      nora.login,
      newPassword,
    )
    await leaving.call(request)
    await leaving.call('mutation { cancelOwnDeletion { user { id } } }')
    // The deletion of a user also removes the mails to them that were not sent yet.
    await received('own-deletion.keptMail.subject')
    await leaving.call(request)
    await rekey.letDeletionsComeDue()
    // The request of another user wakes the job.
    const other = await PseudoApi.of(
      await newDevice('192.0.2.21'),
      rekey,
      'adam.nowak@demo.example',
      newPassword,
    )
    await other.call(request)
  })
  await test.step('old passwords', async () => {
    // Reminds many users, so it comes after the mails that a step waits for.
    await api.mutate('updatePasswordAge', { remindAfterDays: 7 })
  })
  const receiver = await WebhookReceiver.start()
  await test.step('a webhook', async () => {
    receiver.answer(response => response.writeHead(410).end())
    const input = { url: receiver.url, events: ['user.created'] }
    const { webhook } = await api.mutate('createWebhook', input, 'webhook { id }')
    await api.mutate('testWebhook', { webhookId: webhook.id })
  })
  for (const [template, possible] of subjectsOfTemplates()) {
    expect(possible, `subjects of ${template}`).not.toEqual([])
    for (const subject of possible) {
      await expect.poll(subjects, `a mail of ${template}`).toContain(subject)
    }
  }
  await receiver.stop()
  for (const context of contexts) await context.dispose()
})

test('the check reports a text without brackets, and a text that is cut off', async ({ page }) => {
  test.skip(pseudoLocale !== 'en-XA', 'Only the pseudo-locale has brackets.')
  await page.setContent(`
    <title>[Ţîţļé] · Rekey</title>
    <p>[Å ɱéššåĝé ŵîţĥ <b>å ţåĝ</b> åñð å <a>ļîñķ</a> ẋẋ]</p>
    <p>[Šîĝñéð îñ] <bdi>maya@demo.example</bdi></p>
    <p>[One]: bare</p>
    <p>[Öþéñ</p>
    <img alt="A picture">
    <input placeholder="[Šéåŕçĥ ƒöŕ šöɱéţĥîñĝ ļöñĝ]" style="width: 4rem">
    <div style="width: 4rem; overflow: hidden; white-space: nowrap">[Å ļöñĝ ɱéššåĝé ţĥåţ îš çûţ]</div>
    <div style="width: 4rem; overflow: hidden; white-space: nowrap"><bdi>a long login that is truncated</bdi></div>
    <div style="height: 1rem; overflow: hidden">[Ţŵö]<br>[ļîñéš]</div>
    <div style="width: 4000px">[Ŵîðé]</div>`)
  expect(await faultsOf(page)).toEqual([
    'not in a catalogue: [One]: bare',
    'not in a catalogue: [Öþéñ',
    'not in a catalogue: A picture',
    expect.stringMatching(/^cut off by \d+ px: <input> \[Šéåŕçĥ/),
    expect.stringMatching(/^cut off by \d+ px: <div> \[Å ļöñĝ/),
    expect.stringMatching(/^cut off by \d+ px in height: <div> \[Ţŵö\]/),
    'wider than the page: <div> [Ŵîðé]',
    expect.stringMatching(/^the page is wider than the screen/),
  ])
  const mail = {
    subject: 'Hello',
    text: '[Ĥéļļö]\n\nBye',
    html: '<p>[Ĥéļļö]</p><p>Adam: [ƀýé]</p>',
  }
  expect(faultsOfMail(mail as never, ['Adam'])).toEqual([
    'not in a catalogue: Hello',
    'not in a catalogue: Bye',
  ])
})

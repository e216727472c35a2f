import { ProfilePage } from '../pages/people'
import {
  ChangePasswordDialog,
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  linkMailedTo,
  look,
  pencil,
  people,
  RequiredChangePage,
  rulesOf,
  signIn,
  signOut,
  test,
} from '../pages/rekey'

const newPassword = 'Brisk-Meadow-41'

test('an admin changes a member’s password, and only the new one signs the member in', async ({
  page,
  context,
  rekey,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByLabel('Search users').fill('maya lind')
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await expect(page.getByRole('tab', { name: 'Basic info' })).toBeVisible()
  await expect(page.getByLabel('Login')).toHaveValue(people.member.login)
  await dialog.open()
  await dialog.fill(demoPassword, newPassword)
  await dialog.submit().click()

  // The end of the dialog: what happens next, and what to hand over.
  await expect(
    dialog.root().getByText('Maya Lindqvist must choose a new password at the next sign-in.'),
  ).toBeVisible()
  await expect(dialog.done()).toBeFocused()
  await look(page, 'change-password-result')
  expect(await page.content()).not.toContain(newPassword)
  await dialog.root().getByRole('button', { name: 'Show “New password”' }).click()
  await expect(dialog.next()).toHaveValue(newPassword)
  await dialog.root().getByRole('button', { name: 'Copy sign-in details' }).click()
  await expect(dialog.root().getByText('Copied')).toBeVisible()
  const details = await page.evaluate(() => navigator.clipboard.readText())
  const { origin } = new URL(rekey.url)
  expect(details).toBe(
    `Address: ${origin}\nLogin: ${people.member.login}\nPassword: ${newPassword}`,
  )
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await expect(pencil(page)).toBeFocused()
  await page.getByRole('link', { name: 'Users', exact: true }).first().click()
  await page.getByRole('combobox', { name: 'Password' }).click()
  await page.getByRole('option', { name: 'Must choose a new password' }).click()
  await expect(page.getByRole('row', { name: /Maya Lindqvist/ })).toContainText(
    'Must choose a new password',
  )
  await look(page, 'users-must-change')

  await signOut(page)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByText('Login or password is wrong.')).toBeVisible()
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await signIn(page, people.member.login, newPassword)

  // Another person knows the password, so the user must first choose their own. They have just
  // typed the old one, so the page does not ask for it again.
  const required = new RequiredChangePage(page)
  await expect(required.heading()).toBeVisible()
  await expect(page.getByLabel('Your current password', { exact: true })).toHaveCount(0)
  await look(page, 'required-change')
  await page.goto(`${rekey.url}/account/users`)
  await expect(required.heading()).toBeVisible()
  await required.choose(newPassword)
  await expect(
    page.getByText('This is your current password. Choose a different one.'),
  ).toBeVisible()
  await expect(required.next()).toBeFocused()
  await required.choose('My-Own-Meadow-41')
  await expect(page.getByText('You do not have permission to see the user list')).toBeVisible()
})

test('a user who has to choose their own password can sign out instead', async ({
  page,
  rekey,
}) => {
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.owner.login, demoPassword)
  await page.getByLabel('Search users').fill('maya lind')
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await dialog.open()
  await dialog.fill(demoPassword, newPassword)
  await dialog.root().getByRole('button', { name: 'Generate' }).click()
  await expect(dialog.root().getByText(/^Generated/)).toBeVisible()
  await expect(dialog.submit()).toBeInViewport({ ratio: 1 })
  await dialog.fill(demoPassword, newPassword)
  await expect(dialog.root().getByLabel('Require a new password at the next sign-in')).toBeChecked()
  // Enter in the caller's own form sends the change as well.
  await dialog.current().press('Enter')
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await signOut(page)
  await signIn(page, people.member.login, newPassword)
  await expect(new RequiredChangePage(page).heading()).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto(rekey.url)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('an admin sets the password of an invited user, which activates the account', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  const login = 'nora.lindgren@demo.example'
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
  const { inviteUser } = await callApi(
    page,
    rekey,
    `mutation ($input: InviteUserInput!) {
      inviteUser(input: $input) { user { id } errors { ... on UserError { message } } }
    }`,
    { input: { login, firstName: 'Nora', lastName: 'Lindgren' } },
  )
  const link = await linkMailedTo(mailbox, login)
  await page.goto(`${rekey.url}/account/users/${inviteUser.user.id}`)
  await expect(page.getByText('Invited, not accepted yet')).toBeVisible()
  await expect(page.getByText('E-mail address not verified yet')).toBeVisible()

  await dialog.open()
  await expect(
    dialog.root().getByText(/^Nora Lindgren has not accepted the invitation yet\./),
  ).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, rulesOf(colorScheme))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await dialog.fill(demoPassword, newPassword)
  await dialog.submit().click()
  await expect(dialog.root().getByText('Account activated')).toBeVisible()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await expect(page.getByText('Invited, not accepted yet')).toBeHidden()
  await expect(page.locator('[data-status=ACTIVE]')).toBeVisible()
  // Nobody has used a link that was sent to the address.
  await expect(page.getByText('E-mail address not verified yet')).toBeVisible()
  await expect
    .poll(() => mailbox.mailbox.mails.map(({ subject }) => subject))
    .toContain('Your Rekey account is active')

  const nora = await (await browser.newContext()).newPage()
  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'This link has been revoked' })).toBeVisible()
  await nora.goto(`${rekey.url}/account/me`)
  await signIn(nora, login, newPassword)
  await new RequiredChangePage(nora).choose('My-Own-Meadow-41')
  await expect(nora.getByRole('heading', { name: 'Nora Lindgren' })).toBeVisible()
  await nora.context().close()
})

test('an admin changes the password of a blocked user, and unblocks them in the dialog', async ({
  page,
  browser,
  rekey,
}) => {
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByLabel('Search users').fill('maya lind')
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await new ProfilePage(page).block('Laptop lost')
  await expect(page.locator('[data-status=BLOCKED]')).toBeVisible()

  await dialog.open()
  await expect(dialog.root().getByText(/^Maya Lindqvist is blocked\./)).toBeVisible()
  await dialog.fill(demoPassword, newPassword)
  await dialog.submit().click()
  const stillBlocked = 'Maya Lindqvist is blocked, and still cannot sign in.'
  await expect(dialog.root().getByText(stillBlocked)).toBeVisible()
  await expect(dialog.done()).toBeFocused()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, rulesOf(colorScheme))
  }
  const maya = await (await browser.newContext()).newPage()
  await maya.goto(`${rekey.url}/account/me`)
  await signIn(maya, people.member.login, newPassword)
  await expect(maya.getByText('Your account is blocked. Ask an administrator.')).toBeVisible()

  await dialog.root().getByRole('button', { name: 'Unblock' }).press('Enter')
  await expect(page.getByText('Maya Lindqvist can sign in again')).toBeVisible()
  await expect(dialog.done()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog.root()).toBeHidden()
  await expect(pencil(page)).toBeFocused()
  await expect(page.locator('[data-status=ACTIVE]')).toBeVisible()
  await signIn(maya, people.member.login, newPassword)
  await expect(new RequiredChangePage(maya).heading()).toBeVisible()
  await maya.context().close()
})

test('a profile shows why its password cannot be changed, instead of the button', async ({
  page,
  rekey,
}) => {
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByLabel('Search users').fill('olivia bennett')
  await page.getByRole('link', { name: `Edit ${people.owner.name}` }).click()
  const section = page.getByRole('region', { name: 'Sign-in' })
  await expect(
    section.getByText(
      'This user has a higher role than you, or a permission that you do not have.',
    ),
  ).toBeVisible()
  await expect(pencil(page)).toHaveCount(0)
  await expectAccessible(page)
  // The address of the dialog does not open it either.
  await page.goto(`${page.url()}/change-password`)
  await expect(section.getByText(/^This user has a higher role than you/)).toBeVisible()
  await expect(new ChangePasswordDialog(page).root()).toBeHidden()
})

test('a change ends the other sessions, and they show why', async ({ page, browser, rekey }) => {
  const dialog = new ChangePasswordDialog(page)
  const elsewhere = await (await browser.newContext()).newPage()
  for (const tab of [page, elsewhere]) {
    await tab.goto(`${rekey.url}/account/users`)
    await signIn(tab, people.admin.login, demoPassword)
    await expect(tab.getByRole('link', { name: /^Edit / })).toHaveCount(25)
  }
  await page.goto(`${rekey.url}/.well-known/change-password`)
  await expect(dialog.current()).toBeFocused()
  await dialog.fill(demoPassword, newPassword)
  await dialog.submit().click()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await elsewhere.getByLabel('Search users').fill('maya')
  await expect(elsewhere.getByText(/Your password was changed/)).toBeVisible()
  await signIn(elsewhere, people.admin.login, newPassword)
  await expect(elsewhere.getByRole('link', { name: `Edit ${people.member.name}` })).toBeVisible()
  await elsewhere.context().close()
})

test('a generated password meets every rule and is copied', async ({ page, context, rekey }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await dialog.open()
  await dialog.current().fill(demoPassword)
  await dialog.root().getByRole('button', { name: 'Generate' }).click()
  await expect(dialog.root().getByText('Generated and copied.')).toBeVisible()
  const generated = await dialog.next().inputValue()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(generated)
  await expect(dialog.root().getByText('Strength: strong')).toBeVisible()
  await expect(dialog.root().locator('[data-verdict=unmet]')).toHaveCount(0)
  await expectAccessible(page)
  await dialog.submit().click()
  await dialog.done().click()
  await expect(dialog.root()).toBeHidden()
  await signOut(page)
  await signIn(page, people.member.login, generated)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})

test('a member changes their own password, and stays signed in', async ({ page, rekey }) => {
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await dialog.open()
  await dialog.fill(demoPassword, newPassword)
  await dialog.submit().click()
  await expect(dialog.root().getByText(/^You stay signed in here/)).toBeVisible()
  await look(page, 'change-own-password-result')
  await dialog.done().click()
  await expect(pencil(page)).toBeFocused()
  await page.reload()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
})

test.describe('the dialog', () => {
  test.beforeEach(async ({ page, rekey }) => {
    await page.goto(`${rekey.url}/account/me`)
    await signIn(page, people.member.login, demoPassword)
    await new ChangePasswordDialog(page).open()
  })

  test('checks each rule while the user types', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    const cases = [
      ['MIN_LENGTH', 'Short-1', 'Longer-Than-1'],
      ['MAX_LENGTH', `Aa1!${'x'.repeat(27)}`, `Aa1!${'x'.repeat(26)}`],
      ['UPPERCASE', 'brisk-meadow-41', newPassword],
      ['LOWERCASE', 'BRISK-MEADOW-41', newPassword],
      ['NUMBER', 'Brisk-Meadow-xy', newPassword],
      ['SPECIAL', 'BriskMeadow4141', newPassword],
      ['CONTAINS_LOGIN', 'Brisk-Maya-4141', newPassword],
      ['CONTEXT_WORD', 'Lindqvist-4141', newPassword],
      ['SAME_AS_CURRENT', demoPassword, newPassword],
      ['COMMON', 'Password123!', newPassword],
    ] as const
    await dialog.current().fill(demoPassword)
    await expect(dialog.rule('MIN_LENGTH')).toHaveAttribute('data-verdict', 'open')
    for (const [rule, bad, good] of cases) {
      await dialog.next().fill(bad)
      await expect(dialog.rule(rule)).toHaveAttribute('data-verdict', 'unmet')
      await dialog.next().fill(good)
      await expect(dialog.root().locator('[data-verdict=unmet]')).toHaveCount(0)
    }
    await expect(
      dialog.root().getByText('All requirements that can be checked while you type are met.'),
    ).toBeAttached()
  })

  test('shows a wrong current password at its field', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    await dialog.fill('Wrong-One-123', newPassword)
    // The user submits from the last field, and the focus moves to the first.
    await page.keyboard.press('Enter')
    await expect(dialog.root().getByText('This is not your current password.')).toBeVisible()
    await expect(dialog.current()).toBeFocused()
    await expect(dialog.next()).toHaveValue(newPassword)
    await expect(dialog.submit()).toBeInViewport({ ratio: 1 })
    await expectAccessible(page)
    // The new text replaces the old one.
    await page.keyboard.type(demoPassword)
    await expect(dialog.current()).toHaveValue(demoPassword)
    const mark = dialog.root().getByText('This is not your current password.')
    await expect(mark).toBeHidden()
    // A rejected password stays marked, regardless of changes in the other fields.
    await dialog.current().fill('Wrong-One-123')
    await dialog.root().getByRole('button', { name: 'Generate' }).click()
    await expect(dialog.next()).not.toHaveValue(newPassword)
    await expect(mark).toBeVisible()
  })

  test('shows a mismatch after the user has left the repetition', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    const mismatch = dialog.root().getByText('The passwords do not match.')
    await dialog.current().fill(demoPassword)
    await dialog.next().fill(newPassword)
    await dialog.repeat().pressSequentially('Brisk')
    await expect(mismatch).toBeHidden()
    await dialog.repeat().blur()
    await expect(mismatch).toBeVisible()
    await dialog.submit().click()
    await expect(dialog.repeat()).toBeFocused()
    await dialog.repeat().fill(newPassword)
    await expect(mismatch).toBeHidden()
  })

  test('discards everything on Esc and on Cancel', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    for (const leave of [
      () => page.keyboard.press('Escape'),
      () => dialog.root().getByRole('button', { name: 'Cancel' }).click(),
    ]) {
      await dialog.fill('Wrong-One-123', newPassword)
      await leave()
      await expect(dialog.root()).toBeHidden()
      await expect(pencil(page)).toBeFocused()
      await dialog.open()
      for (const field of [dialog.current(), dialog.next(), dialog.repeat()]) {
        await expect(field).toHaveValue('')
      }
    }
  })

  test('works with only the keyboard', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    await page.keyboard.press('Escape')
    await expect(pencil(page)).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(dialog.current()).toBeFocused()
    await page.keyboard.type(demoPassword)
    // Skips the button that shows the characters, and then also the one that generates a
    // password.
    for (const tabs of [2, 3]) {
      for (let tab = 0; tab < tabs; tab += 1) await page.keyboard.press('Tab')
      await page.keyboard.type(newPassword)
    }
    await page.keyboard.press('Enter')
    await expect(dialog.root().getByText('Password changed')).toBeVisible()
    await expect(dialog.done()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(pencil(page)).toBeFocused()
  })

  test('has no axe violations, empty and filled in, light and dark', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await dialog.fill('', '')
      await expectAccessible(page, rulesOf(colorScheme))
      await dialog.fill('x', 'maya', 'other')
      await expectAccessible(page, rulesOf(colorScheme))
    }
  })

  test('marks its fields for password managers', async ({ page }) => {
    const dialog = new ChangePasswordDialog(page)
    await expect(dialog.current()).toHaveAttribute('autocomplete', 'current-password')
    await expect(dialog.next()).toHaveAttribute('autocomplete', 'new-password')
    await expect(dialog.repeat()).toHaveAttribute('autocomplete', 'new-password')
    await expect(dialog.root().locator('[autocomplete=username]')).toHaveValue(people.member.login)
  })
})

test('the dialog has its own address, and works at phone width', async ({ page, rekey }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const dialog = new ChangePasswordDialog(page)
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await dialog.open()
  const address = page.url()
  expect(address).toMatch(/\/change-password$/)
  await page.goto(address)
  await dialog.fill(demoPassword, newPassword)
  await expectAccessible(page)
  await expectFits(page)
  await dialog.submit().click()
  await expect(page.getByText('Password changed')).toBeVisible()
})

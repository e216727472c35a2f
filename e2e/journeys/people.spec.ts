import { permissions } from '@rekey/shared/access'
import { ProfilePage, UsersPage } from '../pages/people'
import {
  callApi,
  checkSchemes,
  comeBackTo,
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  test,
  updateUser,
} from '../pages/rekey'

const changeAccess = `mutation ($input: ChangeAccessInput!) {
  changeAccess(input: $input) { errors { ... on UserError { message } } }
}`

test('several users are blocked and given a role at once, with one result line each', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?q=demo.example')
  // The users are on different pages of different searches.
  await users.search('maya lind')
  await users.box(people.member.name).check()
  await users.search('olivia b')
  await expect(users.box(people.owner.name)).toBeDisabled()
  await expect(users.box(people.owner.name)).toHaveAccessibleName(
    /You cannot do this to your own account/,
  )
  await users.search('adam now')
  await users.box(people.admin.name).check()
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Invited' }).click()
  await users.search('')
  await expect(users.edits()).toHaveCount(25)
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await page.getByRole('checkbox', { name: 'Select all on this page' }).uncheck()
  const invited =
    (await users.edits().first().getAttribute('aria-label'))?.replace('Edit ', '') ?? ''
  await users.box(invited).check()
  await expect(users.bulk()).toContainText('3 users selected')
  await expect(page.getByRole('status').getByText('3 selected')).toBeAttached()
  // The focused element is never hidden by the bar.
  const bar = await users.bulk().elementHandle()
  const covered = await users.edits().evaluateAll(
    (links, over) =>
      links.filter(link => {
        ;(link as HTMLElement).focus()
        const top = (over as HTMLElement).getBoundingClientRect().top
        return link.getBoundingClientRect().bottom > top
      }).length,
    bar,
  )
  expect(covered).toBe(0)
  await expectAccessible(page)

  await users.run('Block')
  await expect(users.results()).toHaveCount(3)
  // Failures come first.
  await expect(users.results().first()).toContainText(invited)
  await expect(users.results().first()).toContainText('not accepted the invitation')
  await expect(users.results().filter({ hasText: 'Blocked' })).toHaveCount(2)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(users.bulk()).toBeHidden()

  await page.goto(`${rekey.url}/account/users?q=maya+lind`)
  await expect(users.row(people.member.name)).toContainText('Blocked')
  await users.box(people.member.name).check()
  await users.run('Unblock')
  await page.getByRole('button', { name: 'Done' }).click()
  // The list is loaded again without a message.
  await expect(users.row(people.member.name)).toContainText('Active')
  await users.box(people.member.name).check()
  await users.bulk().getByRole('button', { name: 'Change role' }).click()
  await page.getByRole('combobox', { name: 'New role' }).click()
  await page.getByRole('option', { name: /^Admin/ }).click()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click()
  await expect(users.results()).toContainText([`${people.member.name}Now Admin`])
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(users.row(people.member.name)).toContainText('Admin')
})

test('a role and single permissions are changed, but not beyond those of the administrator', async ({
  page,
  browser,
  rekey,
}) => {
  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  await users.open(rekey, people.owner.login, '?q=adam+now')
  await users.edit(people.admin.name).click()
  await profile.tab('Access').click()
  await expect(page.getByText('From the role')).toHaveCount(permissions.length)
  await profile.permission('Delete users').uncheck()
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible()
  await expect(profile.permission('Delete users')).toHaveAccessibleDescription(
    'Delete users and their personal data. Withdrawn',
  )
  // The page asks before the user leaves.
  await profile.tab('Basic info').click()
  await page.getByRole('button', { name: 'Stay' }).click()
  await expectAccessible(page)
  await profile.save().click()
  await expect(page.getByText('Access changed')).toBeVisible()
  // Without changes, the focus stays on the disabled button.
  await expect(profile.save()).toBeDisabled()
  await expect(profile.save()).toBeFocused()
  await page.reload()
  await expect(profile.permission('Delete users')).not.toBeChecked()

  const other = await (await browser.newContext()).newPage()
  const adam = { users: new UsersPage(other), profile: new ProfilePage(other) }
  await adam.users.open(rekey, people.admin.login, '?q=maya+lind')
  await adam.users.edit(people.member.name).click()
  await adam.profile.actions().click()
  await expect(adam.profile.action('Delete')).toBeDisabled()
  await expect(adam.profile.action('Delete')).toContainText(
    'You need the permission “Delete users”.',
  )
  await other.keyboard.press('Escape')
  await adam.profile.tab('Access').click()
  await expect(adam.profile.permission('Delete users')).toBeDisabled()
  await adam.profile.role().click()
  await expect(other.getByRole('option', { name: /^Owner/ })).toContainText(
    'This role is above your own.',
  )
  await other.getByRole('option', { name: /^Admin/ }).click()
  await expect(other.getByText('You cannot give more access than you have yourself.')).toBeVisible()
  await expect(adam.profile.save()).toBeDisabled()
  await expectAccessible(other)
  await adam.profile.permission('Delete users').uncheck()
  await adam.profile.save().click()
  await expect(other.getByText('Access changed')).toBeVisible()

  // The access of a user of higher rank cannot be edited, and the page shows why.
  await other.goto(`${rekey.url}/account/users?q=olivia+b`)
  await adam.users.edit(people.owner.name).click()
  await adam.profile.tab('Access').click()
  await expect(other.getByText('You cannot change this user’s access')).toBeVisible()
  await expect(adam.profile.save()).toHaveCount(0)
  await expect(other.getByText('This user has a higher role than you')).toBeVisible()
  await expectAccessible(other)
  await other.context().close()
})

test('a change of access after another user’s change shows both, and no choice is lost', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  await users.open(rekey, people.owner.login, '?q=maya+lind')
  await users.edit(people.member.name).click()
  await profile.tab('Access').click()
  const userId = page.url().split('/').at(-2)
  await profile.permission('See users').check()

  // A change to another part of the profile does not affect this page.
  await callApi(page, rekey, updateUser, { input: { userId, lastName: 'Lind' } })
  await profile.save().click()
  await expect(page.getByText('Access changed')).toBeVisible()

  await profile.permission('Invite users').check()
  await callApi(page, rekey, changeAccess, {
    input: {
      userId,
      role: 'MEMBER',
      grantedPermissions: ['operations.read'],
      withdrawnPermissions: [],
    },
  })
  await profile.save().click()
  const alert = page.getByRole('alert', {
    name: 'Someone else changed this user’s access in the meantime',
  })
  await expect(alert).toContainText('See users, Invite users, and See operations')
  await expect(alert).toBeFocused()
  await expect(profile.permission('Invite users')).toBeChecked()
  // Text that is fading out has too little contrast for axe.
  await expect(page.getByText('Access changed')).toBeHidden()
  await expectAccessible(page)
  await alert.getByRole('button', { name: 'Save my changes' }).click()
  await expect(alert).toBeHidden()
  await page.reload()
  await expect(profile.permission('Invite users')).toBeChecked()
  await expect(profile.permission('See operations')).not.toBeChecked()
})

test('a signed-in user is out as soon as they are blocked, and can return when unblocked', async ({
  page,
  browser,
  rekey,
}) => {
  const maya = await (await browser.newContext()).newPage()
  await maya.goto(`${rekey.url}/account/me`)
  await signIn(maya, people.member.login, demoPassword)
  await expect(maya.getByLabel('First name')).toBeVisible()

  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  await users.open(rekey, people.admin.login, '?q=maya+lind')
  await users.edit(people.member.name).click()
  await profile.act('Block')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(profile.actions()).toBeFocused()
  await profile.act('Block')
  await expectAccessible(page)
  await page.getByRole('dialog').getByLabel('Reason').fill('Laptop lost')
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await expect(page.getByText(`${people.member.name} is blocked`)).toBeVisible()
  await expect(page.getByText('Blocked', { exact: true })).toBeVisible()
  await expect(profile.actions()).toBeFocused()

  await maya.getByLabel('First name').fill('Mayla')
  await maya.getByRole('button', { name: 'Save changes' }).click()
  await expect(maya.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await signIn(maya, people.member.login, demoPassword)
  await expect(maya.getByRole('alert')).toContainText('blocked')

  await profile.act('Unblock')
  await expect(page.getByText(`${people.member.name} can sign in again`)).toBeVisible()
  await signIn(maya, people.member.login, demoPassword)
  // What the user had typed is saved after the sign-in.
  await expect(maya.getByText('Changes saved')).toBeVisible()
  await expect(maya.getByLabel('First name')).toHaveValue('Mayla')
  await maya.context().close()
})

test('a user is deleted after their login is typed, and the operations keep a pseudonym', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  await users.open(rekey, people.admin.login, '?q=maya+lind')
  await users.edit(people.member.name).click()
  await profile.act('Delete')
  const dialog = page.getByRole('dialog')
  const remove = dialog.getByRole('button', { name: 'Delete' })
  await dialog.getByLabel('Type their login to confirm').fill('maya')
  await expect(remove).toBeDisabled()
  await expectAccessible(page)
  await dialog.getByLabel('Type their login to confirm').fill(people.member.login)
  await remove.click()
  await expect(page.getByText(`${people.member.name} was deleted`)).toBeVisible()
  // The page returns to the previous place in the table.
  await expect(page.getByText('No users match')).toBeVisible()
  await page.getByRole('button', { name: 'Clear search and filters' }).click()
  await expect(page.getByText('311 users')).toBeVisible()
  await page.getByRole('link', { name: 'Operations' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText(/Delete user\s*Deleted user [0-9a-f]{6}/)
})

test('the last owner cannot be removed, and the page shows why', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?role=OWNER')
  const others = page.getByRole('checkbox', { name: /^Select (?!all)/, disabled: false })
  // All owners except the viewer, who cannot select themselves.
  for (const box of await others.all()) await box.check()
  await users.run('Change role')
  await expect(users.results().filter({ hasText: 'Now Member' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('1 user', { exact: true })).toBeVisible()
  const profile = new ProfilePage(page)
  await users.edit(people.owner.name).click()
  await profile.tab('Access').click()
  await expect(page.getByText('You cannot do this to your own account.')).toBeVisible()
  await profile.actions().click()
  await expect(page.getByRole('menuitem')).toHaveText(['Change password'])
})

test('the list shows the changes of others when the user returns to it, and keeps its selection', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.owner.login, '?q=maya+lind')
  await users.box(people.member.name).check()
  const { users: found } = await callApi(
    page,
    rekey,
    '{ users(search: "maya lind") { nodes { id } } }',
    {},
  )
  await callApi(page, rekey, updateUser, {
    input: { userId: found.nodes[0].id, phone: '+46 70 123' },
  })
  await expect(users.row(people.member.name)).not.toContainText('+46 70 123')
  await comeBackTo(page)
  await expect(users.row(people.member.name)).toContainText('+46 70 123')
  await expect(users.box(people.member.name)).toBeChecked()
})

test('the screens for bulk actions and access have no axe violations and fit, light and dark, wide and narrow', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  await users.open(rekey, people.admin.login, '?q=maya+lind')
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(`${rekey.url}/account/users?q=maya+lind`)
    await users.box(people.member.name).check()
    await expect(users.bulk()).toBeVisible()
    await checkSchemes(page)
    await users.add().click()
    await expect(page.getByRole('dialog').getByLabel('Login')).toBeVisible()
    await checkSchemes(page)
    await page.keyboard.press('Escape')
    await users.edit(people.member.name).click()
    await profile.tab('Access').click()
    await expect(profile.permission('See users')).toBeVisible()
    await checkSchemes(page)
    await profile.actions().click()
    await expect(profile.action('Delete')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.goto(`${rekey.url}/account/users/import`)
    await page
      .getByLabel('CSV or Excel file')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('Login\na@x\n') })
    await expect(page.getByText('cannot be used')).toBeVisible()
    await checkSchemes(page)
  }
})

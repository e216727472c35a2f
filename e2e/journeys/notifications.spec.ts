import { AddUserDialog, UsersPage } from '../pages/people'
import {
  comeBackTo,
  demoPassword,
  expect,
  expectAccessible,
  expectFits,
  linkMailedTo,
  look,
  people,
  signIn,
  test,
} from '../pages/rekey'

const login = 'nora.lindgren@demo.example'

test('the bell reports an accepted invitation to the user who sent it', async ({
  page,
  rekey,
  mailbox,
  browser,
}) => {
  const bell = page.getByRole('button', { name: /^Notifications/ })
  const list = page.getByRole('dialog', { name: /^Notifications/ })
  await test.step('one person invites another', async () => {
    const users = new UsersPage(page)
    const dialog = new AddUserDialog(page)
    await users.open(rekey, people.admin.login)
    await users.add().click()
    await dialog.fill(login)
    await dialog.submit().click()
    await expect(page.getByText('Invitation sent')).toBeVisible()
    await expect(dialog.root()).toBeHidden()
  })

  await test.step('the other one accepts', async () => {
    const elsewhere = await browser.newContext()
    const other = await elsewhere.newPage()
    await other.goto(await linkMailedTo(mailbox, login))
    await other.getByLabel('Password', { exact: true }).fill('Brisk-Meadow-41')
    await other.getByLabel('Repeat password', { exact: true }).fill('Brisk-Meadow-41')
    await other.getByRole('button', { name: 'Activate account' }).click()
    await expect(other.getByRole('heading', { name: 'Nora Lindgren' })).toBeVisible()
    // They have no notifications themselves.
    await expect(other.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
    await elsewhere.close()
  })

  await test.step('the bell counts it, and shows it', async () => {
    await page.reload()
    await expect(bell).toHaveAccessibleName(/^Notifications, \d+ unseen$/)
    await expect(bell).toHaveText(/^\d+$/)
    const box = await bell.boundingBox()
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24)
    await bell.focus()
    await page.keyboard.press('Enter')
    const accepted = list.getByRole('listitem').first()
    await expect(accepted).toContainText('Nora Lindgren accepted your invitation.')
    await expect(accepted).toContainText('New')
    await expect(list.getByRole('heading', { name: 'Notifications' })).toBeFocused()
    await look(page, 'notifications')
  })

  await test.step('they are seen now, and Escape returns to the bell', async () => {
    await expect(bell).toHaveAccessibleName('Notifications')
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
    await expect(bell).toBeFocused()
    await page.reload()
    await expect(bell).toHaveAccessibleName('Notifications')
    await bell.click()
    await expect(list.getByText('New', { exact: true })).toBeHidden()
  })

  await test.step('it leads to the user, and the list to the own activity', async () => {
    await list.getByRole('link', { name: /^Nora Lindgren accepted/ }).click()
    await expect(page.getByRole('heading', { name: 'Nora Lindgren' })).toBeVisible()
    await expect(list).toBeHidden()
    await bell.click()
    await list.getByRole('link', { name: 'Show all activity' }).click()
    await expect(page).toHaveURL(/\/account\/me\/activity$/)
  })

  await test.step('it fits a narrow screen', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await bell.click()
    await expect(list.getByRole('listitem').first()).toBeVisible()
    await expectFits(page)
    await expectAccessible(page)
    await look(page, 'notifications-narrow')
  })
})

test('the bell reports a sign-in with a new browser, and the list recovers after it was offline', async ({
  page,
  rekey,
  browser,
}) => {
  const bell = page.getByRole('button', { name: /^Notifications/ })
  const list = page.getByRole('dialog', { name: /^Notifications/ })
  await page.goto(rekey.url)
  await signIn(page, people.member.login, demoPassword)
  await bell.click()
  await expect(list.getByText('Nothing happened in the last 30 days')).toBeVisible()
  await page.keyboard.press('Escape')

  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  await other.goto(rekey.url)
  await signIn(other, people.member.login, demoPassword)
  await expect(other.getByRole('heading', { name: people.member.name })).toBeVisible()
  await elsewhere.close()
  await comeBackTo(page)
  await expect(bell).toHaveAccessibleName('Notifications, 1 unseen')

  await page.context().setOffline(true)
  await bell.click()
  await expect(list.getByRole('alert')).toBeVisible()
  await page.context().setOffline(false)
  await expect(list.getByRole('listitem')).toContainText('You signed in with a new browser.')
  await list.getByRole('link', { name: 'You signed in with a new browser.' }).click()
  await expect(page).toHaveURL(/\/account\/me\/security$/)
  await expect(bell).toHaveAccessibleName('Notifications')
})

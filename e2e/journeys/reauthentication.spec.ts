import { ProfilePage, UsersPage } from '../pages/people'
import { demoPassword, expect, expectAccessible, people, test } from '../pages/rekey'
import { ConfirmIdentity, SecurityTab } from '../pages/security'

const { owner, member } = people

test('a sensitive action asks the user to confirm their identity, loses nothing, and then continues by itself', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const profile = new ProfilePage(page)
  const confirm = new ConfirmIdentity(page)
  await users.open(rekey, owner.login, '?q=maya')
  await users.edit(member.name).click()
  await profile.tab('Access').click()
  await rekey.letProofsAge()

  // If the user cancels, nothing has changed.
  await profile.permission('See users').check()
  await profile.save().click()
  await expect(confirm.password()).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(confirm.root()).toBeHidden()
  await expect(
    page.getByText('Nothing was changed, because you did not confirm your identity', {
      exact: false,
    }),
  ).toBeVisible()
  await expect(profile.permission('See users')).toBeChecked()
  await expect(profile.save()).toBeFocused()

  // The dialog shows that a password is wrong; with the right one the action continues.
  await profile.save().click()
  await confirm.password().fill('Wrong-One-123')
  await confirm.submit().click()
  await expect(confirm.password()).toHaveAttribute('aria-invalid', 'true')
  await expect(confirm.password()).toBeFocused()
  await confirm.password().fill(demoPassword)
  await confirm.submit().click()
  await expect(page.getByText('Access changed')).toBeVisible()

  // The proof is valid for a while.
  await profile.permission('See users').uncheck()
  await profile.save().click()
  await expect(page.getByText('Access changed').last()).toBeVisible()
  await expect(confirm.root()).toBeHidden()

  // A user with a second factor must also prove that. The dialog opens over another one, which
  // stays unchanged.
  const tab = new SecurityTab(page)
  await tab.open(rekey.url)
  const { app } = await tab.addApp()
  await page.goto(`${rekey.url}/account/users?q=maya`)
  await users.edit(member.name).click()
  await rekey.letProofsAge()
  await profile.act('Delete')
  const deletion = page.getByRole('dialog', { name: `Delete ${member.name}?` })
  await deletion.getByLabel('Type their login to confirm').fill(member.login)
  await deletion.getByRole('button', { name: 'Delete' }).click()
  await expect(confirm.code()).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(confirm.root()).toBeHidden()
  await expect(deletion.getByLabel('Type their login to confirm')).toHaveValue(member.login)
  await expect(deletion.getByLabel('Type their login to confirm')).toBeFocused()
  await deletion.getByRole('button', { name: 'Delete' }).click()
  await confirm.password().fill(demoPassword)
  await confirm.code().fill('000000')
  await confirm.submit().click()
  await expect(confirm.code()).toHaveAttribute('aria-invalid', 'true')
  await confirm.code().fill(await app.code(page))
  await confirm.submit().click()
  await expect(page.getByText(`${member.name} was deleted`)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
})

import { plugIn } from '../pages/passkeys'
import {
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  signOut,
  test,
} from '../pages/rekey'
import { SecondStep, SecurityTab } from '../pages/security'

const { member } = people

test('a user adds a passkey, and signs in with it as the second step and without a password', async ({
  page,
  rekey,
}) => {
  const tab = new SecurityTab(page)
  const step = new SecondStep(page)
  const home = page.getByRole('heading', { name: member.name })
  const passkeySignIn = page.getByRole('button', { name: 'Sign in with a passkey' })
  const { cdp, authenticatorId } = await plugIn(page)

  await page.goto(`${rekey.url}/account/me/security`)
  await signIn(page, member.login, demoPassword)
  await tab.add('a passkey or security key').click()
  const dialog = tab.dialog('Add a passkey or security key')
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(tab.add('a passkey or security key')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await expectAccessible(page)
  await dialog.getByLabel('Name').fill('My laptop')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await tab.keepRecoveryCodes()
  await expect(page.getByRole('button', { name: 'Create new codes' })).toBeFocused()
  await expect(tab.factors()).toHaveText(/My laptop.*Passkey or security key/)

  // The browser rejects the same passkey a second time.
  await tab.add('a passkey or security key').click()
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByText('already added this passkey', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'Rename My laptop' }).click()
  const rename = page.getByRole('dialog', { name: 'Rename My laptop' })
  await rename.getByLabel('Name').fill('')
  await rename.getByRole('button', { name: 'Rename' }).click()
  await expect(rename.getByText('Enter a name.')).toBeVisible()
  await expectAccessible(page)
  await rename.getByLabel('Name').fill('Work laptop')
  await rename.getByRole('button', { name: 'Rename' }).click()
  await expect(tab.factors()).toHaveText(/Work laptop/)

  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(step.heading()).toBeVisible()
  await expectAccessible(page)
  await step.submit()
  await expect(home).toBeVisible()

  await signOut(page)
  await passkeySignIn.click()
  await expect(home).toBeVisible()

  // A passkey without user verification is not enough to sign in without a password.
  await signOut(page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await passkeySignIn.click()
  await expect(page.getByText('No passkey was used.', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })

  await passkeySignIn.click()
  await expect(home).toBeVisible()
  await tab.open(rekey.url)
  const removeButton = page.getByRole('button', { name: 'Remove Work laptop' })
  await removeButton.click()
  await page.keyboard.press('Escape')
  await expect(removeButton).toBeFocused()
  await removeButton.click()
  const remove = page.getByRole('dialog', { name: 'Remove Work laptop?' })
  await expect(remove.getByText('This is your last second factor', { exact: false })).toBeVisible()
  await expectAccessible(page)
  await remove.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Second factor' })).toBeFocused()
  await expect(tab.factors()).toHaveCount(0)
  await signOut(page)
  await passkeySignIn.click()
  await expect(
    page.getByText('You cannot sign in with this passkey.', { exact: false }),
  ).toBeVisible()
  await signIn(page, member.login, demoPassword)
  await expect(home).toBeVisible()
})

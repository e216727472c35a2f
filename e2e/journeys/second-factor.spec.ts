import { readFile } from 'node:fs/promises'
import { UsersPage } from '../pages/people'
import {
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  signOut,
  test,
  updateUser,
} from '../pages/rekey'
import { ConfirmIdentity, SecondStep, SecurityTab } from '../pages/security'

const { owner, admin, member } = people

const isOnOneLine = (element: Element): boolean => {
  const text = document.createRange()
  text.selectNodeContents(element)
  const lines = new Set([...text.getClientRects()].map(({ bottom }) => Math.round(bottom / 10)))
  return lines.size === 1 && element.scrollWidth <= element.clientWidth
}

test('a user adds an app, signs in with it and with a recovery code, and an administrator resets it', async ({
  page,
  context,
  request,
  rekey,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  // The user is also signed in with another browser.
  const query = 'mutation ($input: LogInInput!) { logIn(input: $input) { errors { __typename } } }'
  const input = { login: member.login, password: demoPassword }
  await request.post(`${rekey.url}/graphql`, { data: { query, variables: { input } } })
  const tab = new SecurityTab(page)
  const step = new SecondStep(page)
  const home = page.getByRole('heading', { name: member.name })

  await page.goto(`${rekey.url}/account/me/security`)
  await signIn(page, member.login, demoPassword)
  await expect(page.getByText('You have no second factor.', { exact: false })).toBeVisible()
  await expectAccessible(page)

  await tab.add('an authenticator app').click()
  const dialog = tab.dialog('Add an authenticator app')
  await expect(
    dialog.getByRole('img', { name: 'QR code for your authenticator app' }),
  ).toBeVisible()
  const app = await tab.readKey()
  await expectAccessible(page)
  const code = dialog.getByLabel('Code that the app shows')
  await expect(code).toBeFocused()
  await code.fill('000000')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await expect(code).toHaveAttribute('aria-invalid', 'true')
  await code.fill(await app.code(page))
  await dialog.getByRole('button', { name: 'Add' }).click()

  const recovery = tab.dialog('Your recovery codes')
  await expect(recovery).toBeVisible()
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const item of await recovery.getByRole('listitem').all()) {
    expect(await item.evaluate(isOnOneLine)).toBe(true)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await recovery.getByRole('button', { name: 'Copy' }).click()
  const coming = page.waitForEvent('download')
  await recovery.getByRole('button', { name: 'Download' }).click()
  const file = await readFile(await (await coming).path(), 'utf8')
  const codes = await tab.keepRecoveryCodes()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'))
  for (const recoveryCode of codes) expect(file).toContain(recoveryCode)
  await expect(tab.factors()).toHaveText(/Authenticator app.*never used/)
  await expect(page.getByText('10 codes are left.')).toBeVisible()
  await expect(
    page.getByText('Your other sessions started without the new second factor'),
  ).toBeVisible()
  await expectAccessible(page)
  // The offer, not the button of the list of sessions.
  await page.getByRole('button', { name: 'End other sessions' }).first().click()
  await expect(page.getByText('One session ended')).toBeVisible()

  // A password without a second factor is no longer enough.
  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(step.appCode()).toBeFocused()
  await expectAccessible(page)
  await step.appCode().fill('000000')
  await step.submit()
  await expect(step.appCode()).toHaveAttribute('aria-invalid', 'true')
  await step.other('Back to login and password').click()
  await signIn(page, member.login, demoPassword)
  // A code with a space, as apps show it, works.
  const shown = await app.code(page)
  await step.appCode().fill(`${shown.slice(0, 3)} ${shown.slice(3)}`)
  await step.submit()
  await expect(home).toBeVisible()

  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await step.other('Use a recovery code').click()
  await expect(step.recoveryCode()).toBeFocused()
  await step.recoveryCode().fill(codes[0]?.toLowerCase() ?? '')
  await step.submit()
  await expect(home).toBeVisible()
  await tab.open(rekey.url)
  await expect(page.getByText('9 codes are left.')).toBeVisible()
  await page.getByRole('button', { name: 'Create new codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Create new codes' }).click()
  const fresh = await tab.keepRecoveryCodes()
  expect(fresh).not.toContain(codes[1])

  // An administrator resets the second factors of a user who lost them.
  await signOut(page)
  await page.goto(`${rekey.url}/account/users?q=maya`)
  await signIn(page, admin.login, demoPassword)
  await new UsersPage(page).edit(member.name).click()
  await expect(page.getByText('Authenticator app')).toBeVisible()
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Reset second factor' }).click()
  const reset = page.getByRole('dialog', { name: /^Reset the second factor/ })
  await expect(reset).toBeVisible()
  await expectAccessible(page)
  await reset.getByRole('button', { name: 'Reset', exact: true }).click()
  await expect(reset).toBeHidden()
  await expect(page.getByText('Authenticator app')).toBeHidden()
  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(home).toBeVisible()
})

test('a user must add a required second factor, and a trusted device needs no second step', async ({
  page,
  rekey,
  sms,
}) => {
  await page.clock.install()
  const tab = new SecurityTab(page)
  const step = new SecondStep(page)
  // The next card has such a button too.
  const save = page.getByRole('button', { name: 'Save changes' }).first()

  await page.goto(`${rekey.url}/account/settings/security`)
  await signIn(page, owner.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'Security' })).toBeVisible()
  await expect(page.getByRole('radio', { name: /^Optional/ })).toBeChecked()
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 800 })

  const { users } = await callApi(
    page,
    rekey,
    '{ users(search: "maya lind") { nodes { id } } }',
    {},
  )
  const input = { userId: users.nodes[0].id, phone: null }
  await callApi(page, rekey, updateUser, { input })

  // With only SMS allowed, users without a phone number could not sign in.
  await page.getByRole('radio', { name: /^Required/ }).check()
  await page.getByRole('checkbox', { name: 'Codes by SMS' }).check()
  await page.getByRole('checkbox', { name: 'Authenticator app' }).uncheck()
  await page.getByRole('checkbox', { name: 'Passkey or security key' }).uncheck()
  await save.click()
  const asked = page.getByRole('dialog', { name: 'Require a second factor?' })
  await expect(asked.getByText(/^\d+ active users have no second factor\./)).toBeVisible()
  await expect(asked.getByRole('link', { name: 'Show them in a new tab' })).toHaveAttribute(
    'href',
    '/account/users?status=ACTIVE&secondFactor=none',
  )
  await expectAccessible(page)
  await asked.getByRole('button', { name: 'Require a second factor' }).click()
  await expect(page.getByText(/users have no phone number/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Users without a phone number' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('checkbox', { name: 'Authenticator app' }).check()
  await page.getByRole('radio', { name: '1 week' }).check()
  await save.click()
  await asked.getByRole('radio', { name: /^From a day on/ }).check()
  await asked.getByRole('button', { name: 'Require a second factor' }).click()
  await expect(asked.getByText(/^Choose today or a later day/)).toBeVisible()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  await asked.getByLabel('First day').fill(tomorrow)
  await asked.getByRole('button', { name: 'Require a second factor' }).click()
  // Until then, the owner sees a notice.
  await expect(page.getByText('You will need a second factor')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Change the date' }).click()
  await asked.getByRole('radio', { name: /^At once/ }).check()
  await asked.getByRole('button', { name: 'Require a second factor' }).click()

  // The owner must add a second factor too, at once.
  await expect(page.getByRole('heading', { name: 'Add a second factor' })).toBeVisible()
  await expectAccessible(page)
  await tab.addApp()
  await expect(page.getByRole('heading', { name: 'Security' })).toBeVisible()
  await signOut(page)

  await signIn(page, member.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'Add a second factor' })).toBeVisible()
  await tab.add('codes by SMS').click()
  const dialog = tab.dialog('Add codes by SMS')
  // Her profile has no phone number.
  await expect(dialog.getByLabel('Phone number')).toBeFocused()
  await expectAccessible(page)
  await dialog.getByLabel('Phone number').fill('070 123 45 67')
  await dialog.getByRole('button', { name: 'Send code' }).click()
  await expect(dialog.getByText(/^Enter the number with its country code/)).toBeVisible()
  await expect(dialog.getByLabel('Phone number')).toBeFocused()
  await dialog.getByLabel('Phone number').fill('+46 70 123 45 67')
  await dialog.getByRole('button', { name: 'Send code' }).click()
  const phone = '+46701234567'
  await expect(dialog.getByLabel('Code from the message')).toBeFocused()
  await expect(dialog.getByLabel('Code from the message')).toHaveAccessibleDescription(
    /^A code was sent to/,
  )
  await expectAccessible(page)
  await dialog.getByLabel('Code from the message').fill(sms.inbox.codeTo(phone))
  await dialog.getByRole('button', { name: 'Add' }).click()
  await tab.keepRecoveryCodes()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()

  const messages = sms.inbox.requests.length
  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(page.getByText(/^A code was sent to/)).toBeVisible()
  await expect.poll(() => sms.inbox.requests.length).toBe(messages + 1)
  await expectAccessible(page)
  await step.smsCode().fill(sms.inbox.codeTo(phone))
  await step.trust().check()
  await step.submit()
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()

  await tab.open(rekey.url)
  // The last factor cannot be removed while one is required.
  await page.getByRole('button', { name: 'Remove Phone' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(page.getByRole('heading', { name: member.name })).toBeVisible()
  await tab.open(rekey.url)
  await expect(tab.devices()).toHaveText(/This device/)
  await expectAccessible(page)
  await tab
    .devices()
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await expect(page.getByText('You have no trusted devices.')).toBeVisible()
  // The password was enough to sign in here, but is not enough to remove a factor.
  await page.getByRole('button', { name: 'Remove Phone' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(new ConfirmIdentity(page).root()).toBeVisible()
  await page.goto(rekey.url)
  await signOut(page)
  await signIn(page, member.login, demoPassword)
  await expect(step.heading()).toBeVisible()

  // The challenge expires, and the page shows the time left. A wrong clock afterwards does not
  // block the next sign-in.
  await page.clock.fastForward('08:00')
  await expect(page.getByText(/left to finish$/)).toBeVisible()
  await page.clock.fastForward('02:30')
  await expect(page.getByRole('heading', { name: 'Sign in again' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Start again' }).click()
  await signIn(page, member.login, demoPassword)
  await expect(step.heading()).toBeVisible()
})

import { WebhookReceiver } from '@rekey/server/testing'
import { Webhook as Verifier } from 'standardwebhooks'
import {
  test as base,
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  people,
  Rekey,
  signIn,
} from '../pages/rekey'

/** A receiver on loopback, and a Rekey that allows private addresses. */
const test = base.extend<{ receiver: WebhookReceiver }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
  receiver: async ({}, use) => {
    const receiver = await WebhookReceiver.start()
    await use(receiver)
    await receiver.stop()
  },
  rekey: async ({ page, mailbox }, use) => {
    const environment = { WEBHOOKS_ALLOW_PRIVATE: 'true', WEBHOOKS_RETRY_SECONDS: '1' }
    const rekey = await Rekey.start(['--demo', '--without-history'], {
      SMTP_URL: mailbox.url,
      ...environment,
    })
    await use(rekey)
    await page.close()
    await rekey.stop()
  },
})

const shots = process.env.SHOTS_DIR

test('an administrator adds, tests, replays, rotates, disables and deletes a webhook', async ({
  page,
  rekey,
  receiver,
}) => {
  const shoot = async (name: string) => {
    if (shots === undefined) return
    for (const [width, scheme] of [
      [1280, 'light'],
      [390, 'dark'],
      [390, 'light'],
      [1280, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
      await page.emulateMedia({ colorScheme: scheme })
      await page.waitForTimeout(400)
      await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` })
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const dialog = page.getByRole('dialog')
  const blockMaya = async (mutation: 'blockUsers' | 'unblockUsers') => {
    const { users } = await callApi(
      page,
      rekey,
      'query ($q: String) { users(search: $q) { nodes { id } } }',
      {
        q: people.member.login,
      },
    )
    const type = mutation === 'blockUsers' ? 'BlockUsersInput' : 'UnblockUsersInput'
    await callApi(
      page,
      rekey,
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { errors { message } } }`,
      { input: { userIds: [users.nodes[0].id] } },
    )
    return users.nodes[0].id as string
  }
  const isSignedWith = (secret: string) => {
    const received = receiver.received.at(-1)
    try {
      new Verifier(secret).verify(received?.body ?? '', received?.headers ?? {})
      return true
    } catch {
      return false
    }
  }

  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await expect(page.getByText('No webhooks yet')).toBeVisible()
  await expectAccessible(page)
  await shoot('empty')

  // Each error is shown at its field.
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByLabel('URL')).toBeFocused()
  await expect(dialog.getByRole('group', { name: 'Events' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('Enter a URL.')).toBeVisible()
  await expect(dialog.getByText('Choose at least one event.')).toBeInViewport()
  await dialog.getByLabel('URL').fill('payroll.example/webhooks')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('Enter a URL such as', { exact: false })).toBeVisible()
  await expect(dialog.getByLabel('URL')).toBeFocused()
  await dialog.getByLabel('URL').fill('http://user:secret@127.0.0.1/')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('Remove the user name and password')).toBeVisible()
  await expect(dialog.getByText('Choose at least one event.')).toBeVisible()
  await expect(dialog.getByLabel('URL')).toBeFocused()
  // “Choose all” leaves out refused sign-ins, which must be chosen on purpose.
  await dialog.getByRole('button', { name: 'Choose all' }).click()
  const sessions = dialog.getByRole('group', { name: 'Sign-ins and sessions' })
  await expect(sessions.getByLabel('session.created')).toBeChecked()
  await expect(sessions.getByLabel('sign_in.refused')).not.toBeChecked()
  await dialog.getByRole('button', { name: 'Choose none' }).click()
  await sessions.getByLabel('sign_in.refused').check()
  await dialog.getByRole('button', { name: 'Choose all' }).click()
  await expect(sessions.getByLabel('sign_in.refused')).toBeChecked()
  await dialog.getByRole('button', { name: 'Choose none' }).click()
  await expect(sessions.getByLabel('sign_in.refused')).not.toBeChecked()
  await dialog.getByLabel('user.blocked').check()
  await dialog.getByLabel('user.unblocked').check()
  // Only the server checks the length.
  await dialog.getByLabel('URL').fill(`https://example.com/${'x'.repeat(2000)}`)
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByText('Use at most 2,000 characters.')).toBeVisible()
  await expect(dialog.getByLabel('URL')).toBeFocused()
  await expectAccessible(page)
  await shoot('add')
  await dialog.getByLabel('URL').fill(receiver.url)
  await dialog.getByLabel('Description').fill('Payroll')
  await dialog.getByRole('button', { name: 'Add webhook' }).click()

  // The secret is shown only once.
  await expect(dialog.getByText('Rekey shows the secret only once')).toBeVisible()
  const secret = await dialog.getByLabel('Secret').inputValue()
  expect(secret).toMatch(/^whsec_/)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await expectAccessible(page)
  await shoot('secret')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Add webhook' })).toBeFocused()
  await expect(page.getByText('127.0.0.1')).toBeVisible()
  await expectAccessible(page)
  await shoot('list')

  // Events are sent, signed with the secret.
  await page.getByRole('link', { name: 'Payroll' }).click()
  await expect(page.getByText('No deliveries yet')).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText(
    /Settings.*Webhooks.*Payroll/,
  )
  receiver.answerNext(response => response.writeHead(503).end('<h1>Too busy</h1>'))
  const mayaId = await blockMaya('blockUsers')
  await receiver.until(2)
  expect(isSignedWith(secret)).toBe(true)
  const [one, two] = receiver.received
  expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
  expect(JSON.parse(two?.body ?? '')).toMatchObject({
    type: 'user.blocked',
    data: { user: { id: mayaId, login: people.member.login, status: 'BLOCKED' } },
  })
  await page.reload()
  await expect(page.getByRole('cell', { name: 'Delivered' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Details of user.blocked' }).click()
  await expect(dialog.getByText('Answered 503')).toBeVisible()
  // The response is shown as text, never rendered as HTML.
  await expect(dialog.getByText('<h1>Too busy</h1>')).toBeVisible()
  await expect(dialog.getByText('Answered 204')).toBeVisible()
  await expectAccessible(page)
  await shoot('delivery')

  await dialog.getByRole('button', { name: 'Replay' }).click()
  await receiver.until(3)
  expect(receiver.received[2]?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
  await expect(dialog.getByText('Answered 204')).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByRole('button', { name: 'Details of user.blocked' })).toBeFocused()

  // A test shows its outcome.
  receiver.answerNext(response => response.writeHead(500).end('Oh no'))
  await page.getByRole('button', { name: 'Send test' }).click()
  await expect(dialog.getByText('Answered 500')).toBeVisible()
  await expect(dialog.getByText('Oh no')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Send test' })).toBeFocused()
  await expect(page.getByRole('cell', { name: 'Failed' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Failed' }).click()
  await expect(page.getByText('1 delivery in 30 days')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Details of webhook.test' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Failed' }).click()
  await expect(page.getByText('2 deliveries in 30 days')).toBeVisible()
  await shoot('webhook')

  // After a rotation, requests are signed with both secrets.
  await page.getByRole('button', { name: 'Rotate secret' }).click()
  await expectAccessible(page)
  await shoot('rotate')
  await dialog.getByRole('button', { name: 'Rotate' }).click()
  await expect(dialog.getByText('Rekey shows the secret only once')).toBeVisible()
  const rotated = await dialog.getByLabel('Secret', { exact: true }).inputValue()
  // The question before it closes at the same time, and must not keep the focus.
  await page.keyboard.press('Tab')
  await expect(dialog.locator(':focus')).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog.getByText('You have not copied it yet.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close without copying' }).click()
  await expect(page.getByRole('button', { name: 'Rotate secret' })).toBeFocused()
  await expect(page.getByText('Still signs requests')).toBeVisible()
  await blockMaya('unblockUsers')
  await receiver.until(5)
  expect([isSignedWith(secret), isSignedWith(rotated)]).toEqual([true, true])

  // A disabled webhook gets no requests.
  await page.getByRole('button', { name: 'Disable' }).click()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText('A user disabled this webhook.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send test' })).toBeDisabled()
  await blockMaya('blockUsers')
  // Wait until the notification has faded: axe reports its contrast while it fades.
  await expect(page.getByText('Webhook disabled')).toBeHidden()
  await expectAccessible(page)
  await shoot('disabled')
  await page.getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByText('A user disabled this webhook.')).toBeHidden()

  // An edited webhook gets only its new events.
  await page.getByRole('button', { name: 'Edit' }).click()
  await dialog.getByLabel('Description').fill('Payroll and doors')
  await dialog.getByLabel('user.blocked').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Payroll and doors' })).toBeVisible()
  await blockMaya('unblockUsers')
  await receiver.until(6)
  expect(JSON.parse(receiver.received[5]?.body ?? '').type).toBe('user.unblocked')

  // 410 disables it.
  receiver.answer(response => response.writeHead(410).end())
  await page.getByRole('button', { name: 'Send test' }).click()
  await expect(dialog.getByText('Answered 410')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByText('The receiver answered 410 Gone')).toBeVisible()
  await shoot('gone')

  await page.getByRole('button', { name: 'Delete' }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No webhooks yet')).toBeVisible()
  expect(receiver.received).toHaveLength(7)
})

test('a user without the permission cannot see webhooks', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('link', { name: 'My account' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Webhooks' })).toBeHidden()
  await page.goto(`${rekey.url}/account/settings/webhooks`)
  await expect(page.getByText('You do not have permission to see webhooks')).toBeVisible()
  await expectAccessible(page)
})

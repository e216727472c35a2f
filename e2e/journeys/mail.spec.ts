import { AddUserDialog, UsersPage } from '../pages/people'
import {
  demoPassword,
  expect,
  expectAccessible,
  linkMailedTo,
  people,
  signIn,
  test,
} from '../pages/rekey'

const login = 'nora.lindgren@demo.example'

test('a rejected invitation: a banner leads to the mail settings, and a retry delivers the mail', async ({
  page,
  rekey,
  mailbox,
}) => {
  mailbox.mailbox.treatments.set(login, { rcpt: '550 5.1.1 No such user here' })
  const users = new UsersPage(page)
  const dialog = new AddUserDialog(page)
  await users.open(rekey, people.admin.login)
  await users.add().click()
  await dialog.fill(login)
  await dialog.submit().click()
  await expect(page.getByText('Invitation sent')).toBeVisible()

  // The sender sees the failure at the invitation.
  await users.search('nora lindgren')
  await users.edit('Nora Lindgren').click()
  await expect(page.getByText('Invited, not accepted yet')).toBeVisible()
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('The mail was not delivered: 550 5.1.1')).toBeVisible({
      timeout: 10_000,
    })
  }).toPass()
  await expect(page.getByText('A mail was not delivered')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Open the mail settings' }).click()

  await expect(page.getByRole('heading', { name: 'Mail', exact: true })).toBeVisible()
  const mail = page.getByRole('row').filter({ hasText: login })
  await expect(mail).toContainText('Failed')
  await expect(mail).toContainText('550 5.1.1 No such user here')
  await expectAccessible(page)

  mailbox.mailbox.treatments.clear()
  await mail.getByRole('button', { name: `Retry the mail to ${login}` }).click()
  expect(await linkMailedTo(mailbox, login)).toContain('/activate#token=')
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('No waiting or failed mails')).toBeVisible({ timeout: 10_000 })
  }).toPass()
})

test('a test mail shows the answer of the mail server', async ({ page, rekey, mailbox }) => {
  await new UsersPage(page).open(rekey, people.admin.login)
  await page.getByRole('link', { name: 'Mail', exact: true }).click()
  await page.getByRole('button', { name: 'Send test mail' }).click()
  await expect(page.getByText('The mail server accepted the test mail')).toBeVisible()
  await expect(page.getByText('The server answered: 250')).toBeVisible()
  await expectAccessible(page)
  expect(mailbox.mailbox.mails.map(({ subject }) => subject)).toContain('Test mail from Rekey')
  mailbox.mailbox.treatments.set(people.admin.login, { rcpt: '550 5.7.1 Relaying denied' })
  await page.getByRole('button', { name: 'Send test mail' }).click()
  await expect(page.getByText('The server answered: 550 5.7.1 Relaying denied')).toBeVisible()
})

test('a waiting mail is dropped for good', async ({ page, rekey, mailbox }) => {
  mailbox.mailbox.treatments.set(login, { rcpt: '450 4.2.0 Greylisted' })
  const users = new UsersPage(page)
  const dialog = new AddUserDialog(page)
  await users.open(rekey, people.admin.login)
  await users.add().click()
  await dialog.fill(login)
  await dialog.submit().click()
  await expect(page.getByText('Invitation sent')).toBeVisible()
  await page.getByRole('link', { name: 'Mail', exact: true }).click()
  await page.getByRole('button', { name: `Drop the mail to ${login}` }).click()
  await expect(page.getByRole('dialog')).toContainText('Rekey will not send')
  await page.getByRole('dialog').getByRole('button', { name: 'Drop', exact: true }).click()
  await expect(page.getByText('No waiting or failed mails')).toBeVisible()
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Dropped' }).click()
  await expect(page.getByRole('row').filter({ hasText: login })).toContainText('Dropped')
})

test('a user without settings.manage has no mail page', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/settings/mail`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByText('You do not have permission to see the mail settings')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Mail', exact: true })).toBeHidden()
})

test.describe('without a mail server', () => {
  test.use({ settings: { SMTP_URL: '' } })

  test('no screen claims that a link is on its way', async ({ page, rekey }) => {
    const users = new UsersPage(page)
    const dialog = new AddUserDialog(page)
    await users.open(rekey, people.admin.login)
    await users.add().click()
    await expect(dialog.root().getByText('Mail is not configured', { exact: true })).toBeVisible()
    await dialog.fill(login)
    await expectAccessible(page)
    await dialog.root().getByRole('button', { name: 'Add user' }).click()
    await expect(page.getByText('User added')).toBeVisible()
    await expect(dialog.root()).toBeHidden()
    await expect(page.getByText('on its way')).toBeHidden()

    await users.search('nora lindgren')
    await users.edit('Nora Lindgren').click()
    await expect(page.getByText('so nobody receives the link').first()).toBeVisible()
    await expect(page.getByText('/outbox')).toBeHidden()
    await expect(page.getByText('#token=')).toBeHidden()
    await page.getByRole('button', { name: 'Copy invitation link' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click()
    await expect(page.getByRole('dialog').getByLabel('Link')).toHaveValue(/#token=/)
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close without copying' }).click()

    await page.getByRole('link', { name: 'Mail', exact: true }).click()
    await expect(page.getByText('SMTP_URL')).toBeVisible()
    await page.getByRole('button', { name: 'Send test mail' }).click()
    await expect(page.getByText('The server saved the test mail as a file')).toBeVisible()
    await expectAccessible(page)
  })

  test('the page for a forgotten password refers to an administrator', async ({ page, rekey }) => {
    await page.goto(`${rekey.url}/forgot-password`)
    await expect(page.getByText('Ask an administrator for a link')).toBeVisible()
    await expect(page.getByLabel('Login')).toBeHidden()
    await expectAccessible(page)
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AddUserDialog, UsersPage } from '../pages/people'
import { demoPassword, expect, linkMailedTo, look, people, signIn, test } from '../pages/rekey'

const logo = {
  name: 'logo.png',
  mimeType: 'image/png',
  buffer: readFileSync(join(__dirname, '../fixtures/logo.png')),
}

test('an administrator gives the account a name, a logo and a colour, which visitors and mails show', async ({
  page,
  browser,
  rekey,
  mailbox,
}) => {
  await page.goto(`${rekey.url}/account/settings/general`)
  await signIn(page, people.admin.login, demoPassword)
  const card = page.getByRole('region', { name: 'Look' })
  await card.getByLabel('Name').fill('Acme Works')
  await card.getByLabel('Accent colour', { exact: true }).fill('#ffcc00')
  await expect(card.getByText('This colour has too little contrast')).toBeVisible()
  const chooser = page.waitForEvent('filechooser')
  await card.getByRole('button', { name: 'Choose file' }).click()
  await (await chooser).setFiles({ ...logo, buffer: Buffer.from('<svg/>') })
  await card.getByRole('button', { name: 'Save changes' }).click()
  await expect(card.getByText('This is not a valid PNG file.')).toBeVisible()
  const again = page.waitForEvent('filechooser')
  await card.getByRole('button', { name: 'Choose file' }).click()
  await (await again).setFiles(logo)
  await look(page, 'account-look')
  await card.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Settings saved')).toBeVisible()
  await expect(page.getByRole('banner').getByText('Acme Works')).toBeVisible()

  const visitor = await (await browser.newContext()).newPage()
  // A page shows the last known look if the database takes too long, as on a busy machine.
  await expect(async () => {
    await visitor.goto(`${rekey.url}/sign-in`)
    const name = visitor.getByRole('banner').getByText('Acme Works')
    await expect(name).toBeVisible({ timeout: 5_000 })
  }).toPass()
  const image = visitor.locator('img[src^="/account-logo.png"]')
  await expect(image).toBeVisible()
  expect(await image.evaluate(({ naturalWidth }: HTMLImageElement) => naturalWidth)).toBe(96)
  await look(visitor, 'account-look-sign-in')
  await visitor.close()

  const users = new UsersPage(page)
  await page.getByRole('link', { name: 'Users' }).click()
  await users.add().click()
  const dialog = new AddUserDialog(page)
  await dialog.field('Login').fill('nora.lindgren@demo.example')
  await dialog.field('First name').fill('Nora')
  await dialog.submit().click()
  await linkMailedTo(mailbox, 'nora.lindgren@demo.example')
  const mail = mailbox.mailbox.mails.at(-1)
  expect(mail?.from?.value[0]?.name).toBe('Acme Works')
  expect(mail?.subject).toBe('You are invited to Acme Works')
})

test('a user deletes their own account, and keeps it on second thoughts', async ({
  page,
  browser,
  rekey,
}) => {
  const owner = await (await browser.newContext()).newPage()
  await owner.goto(`${rekey.url}/account/settings/general`)
  await signIn(owner, people.owner.login, demoPassword)
  await owner.getByRole('switch', { name: 'Users may delete their own accounts' }).click()
  await expect(owner.getByText('Settings saved')).toBeVisible()
  await owner.close()

  await page.goto(`${rekey.url}/account/me/data`)
  await signIn(page, people.member.login, demoPassword)
  const card = page.getByRole('region', { name: 'Delete your account' })
  await card.getByRole('button', { name: 'Delete my account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
  await expect(dialog.getByText('for 7 days')).toBeVisible()
  await look(page, 'delete-account')
  await dialog.getByRole('button', { name: 'Delete my account' }).click()
  const banner = page.getByRole('alert').filter({ hasText: 'Your account will be deleted' })
  await expect(banner).toBeVisible()
  await look(page, 'deletion-banner')

  await page.goto(`${rekey.url}/account/me`)
  await banner.getByRole('button', { name: 'Keep my account' }).click()
  await expect(page.getByText('Your account is kept')).toBeVisible()
  await expect(banner).toBeHidden()
})

import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import {
  ChangePasswordDialog,
  demoPassword,
  expect,
  look,
  people,
  signIn,
  test,
} from '../pages/rekey'

const address = '/account/settings/password-policy'

/** The page of the password policy. */
class PolicyPage {
  constructor(readonly page: Page) {}

  rule(name: string): Locator {
    return this.page.getByRole('group', { name, exact: true })
  }
  /** The switch of a rule. */
  switch(name: string): Locator {
    return this.rule(name).getByRole('switch')
  }
  /** The number of a rule. */
  bound(name: string): Locator {
    return this.rule(name).getByRole('textbox')
  }
  preset(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }
  tried(): Locator {
    return this.page.getByLabel('Password to try')
  }
  /** A rule of the checklist beside the rules. */
  verdict(code: string): Locator {
    return this.page.locator(`[data-rule~=${code}]`)
  }
  save(): Locator {
    return this.page
      .locator('form')
      .filter({ has: this.rule('Minimum length') })
      .getByRole('button', { name: 'Save changes' })
  }
}

test('an administrator tries a policy, saves it, and it applies to the next password', async ({
  page,
  rekey,
  browser,
}) => {
  const policy = new PolicyPage(page)
  await page.goto(`${rekey.url}/account/settings/general`)
  await signIn(page, people.admin.login, demoPassword)
  await page.getByRole('link', { name: 'Password policy' }).click()
  await expect(page.getByRole('heading', { name: 'Password policy' })).toBeVisible()
  await expect(policy.preset('Rekey')).toHaveAttribute('aria-pressed', 'true')
  await expect(policy.switch('Minimum length')).toBeDisabled()
  await expect(policy.bound('Minimum length')).toHaveValue('12')
  await expect(policy.save()).toHaveAttribute('aria-disabled', 'true')

  // The checklist judges by the rules on the page, before anything is saved.
  await policy.tried().fill('Nowak-Meadow-4711')
  await expect(policy.verdict('CONTEXT_WORD')).toHaveAttribute('data-verdict', 'unmet')
  await policy.tried().fill('slow meadow harbour')
  await expect(policy.verdict('UPPERCASE')).toHaveAttribute('data-verdict', 'unmet')
  await policy.preset('NIST SP 800-63B-4').click()
  await expect(policy.preset('NIST SP 800-63B-4')).toHaveAttribute('aria-pressed', 'true')
  await expect(policy.verdict('UPPERCASE')).toHaveCount(0)
  await expect(policy.verdict('MIN_LENGTH')).toHaveAttribute('data-verdict', 'met')
  await expect(policy.verdict('MIN_LENGTH')).toContainText('15 to 128 characters')
  await policy.tried().fill('password1password1')
  await policy.tried().press('Enter')
  await expect(policy.switch('Special characters')).not.toBeChecked()
  await look(page, 'password-policy')

  await policy.switch('Numbers').check()
  await policy.bound('Numbers').fill('9')
  await policy.bound('Maximum length').fill('14')
  await policy.save().click()
  await expect(policy.bound('Maximum length')).toBeFocused()
  await expect(policy.rule('Numbers')).toContainText('Enter a whole number from 1 to 8.')
  await expect(policy.rule('Maximum length')).toContainText(
    'The maximum length must not be less than the minimum length, 15.',
  )
  await policy.bound('Numbers').fill('2')
  await policy.bound('Maximum length').fill('64')
  await expect(policy.preset('NIST SP 800-63B-4')).toHaveAttribute('aria-pressed', 'false')

  // The page is not left by mistake.
  await page.getByRole('link', { name: 'General' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
  await policy.save().click()
  await expect(page.getByText('Password policy saved')).toBeVisible()
  await page.reload()
  await expect(policy.bound('Maximum length')).toHaveValue('64')
  await expect(policy.switch('Uppercase letters')).not.toBeChecked()

  const context = await browser.newContext()
  const maya = await context.newPage()
  await maya.goto(`${rekey.url}/account/me/change-password`)
  await signIn(maya, people.member.login, demoPassword)
  await maya.getByLabel('Your current password', { exact: true }).fill(demoPassword)
  await maya.getByLabel('New password', { exact: true }).fill('slow meadow harbour 47')
  await maya.getByLabel('Repeat new password', { exact: true }).fill('slow meadow harbour 47')
  await expect(maya.locator('[data-rule~=UPPERCASE]')).toHaveCount(0)
  await maya.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
  await expect(maya.getByText('Password changed')).toBeVisible()
  await context.close()

  await page.goto(`${rekey.url}/account/operations`)
  const entry = page.getByRole('row').filter({ hasText: 'Change password policy' })
  await expect(entry).toContainText('Minimum length: 12 → 15')
  await expect(entry).toContainText('Uppercase letters: 1 → off')
})

test('a form that was open while the policy changed shows the new rules after the refusal', async ({
  page,
  rekey,
  browser,
}) => {
  const context = await browser.newContext()
  const maya = await context.newPage()
  await maya.goto(`${rekey.url}/account/me/change-password`)
  await signIn(maya, people.member.login, demoPassword)
  await expect(maya.locator('[data-rule~=MIN_LENGTH]')).toContainText('12')

  const policy = new PolicyPage(page)
  await page.goto(`${rekey.url}${address}`)
  await signIn(page, people.admin.login, demoPassword)
  await policy.bound('Minimum length').fill('16')
  await policy.save().click()
  await expect(page.getByText('Password policy saved')).toBeVisible()

  await maya.getByLabel('Your current password', { exact: true }).fill(demoPassword)
  await maya.getByLabel('New password', { exact: true }).fill('Brisk-Meadow-41')
  await maya.getByLabel('Repeat new password', { exact: true }).fill('Brisk-Meadow-41')
  await maya.getByRole('dialog').getByRole('button', { name: 'Change password' }).click()
  await expect(maya.locator('[data-rule~=MIN_LENGTH]')).toContainText('16')
  await expect(maya.locator('[data-rule~=MIN_LENGTH]')).toHaveAttribute('data-verdict', 'unmet')
  await context.close()
})

test('without settings.manage, a user cannot open the policy', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}${address}`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByText('You do not have permission to change these settings')).toBeVisible()
  await expect(page.getByRole('switch')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Password policy' })).toHaveCount(0)
})

test.describe('with a policy file', () => {
  let dir: string
  test.beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rekey-policy-'))
    await writeFile(join(dir, 'policy.json'), '{"MIN_LENGTH": {"min": 14}, "REUSED": false}')
  })
  test.afterAll(() => rm(dir, { recursive: true }))
  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
    settings: async ({}, use) => {
      await use({ PASSWORD_POLICY_FILE: join(dir, 'policy.json') })
    },
  })

  test('the page shows the rules of the file, and can only try them', async ({ page, rekey }) => {
    const policy = new PolicyPage(page)
    await page.goto(`${rekey.url}${address}`)
    await signIn(page, people.admin.login, demoPassword)
    await expect(page.getByText('The policy comes from a file')).toBeVisible()
    await expect(policy.bound('Minimum length')).toHaveValue('14')
    await expect(policy.bound('Minimum length')).toBeDisabled()
    await expect(policy.switch('Earlier passwords')).toBeDisabled()
    await expect(policy.save()).toHaveCount(0)
    await policy.tried().fill('Brisk-Meadow4')
    await expect(policy.verdict('MIN_LENGTH')).toHaveAttribute('data-verdict', 'unmet')
    await look(page, 'password-policy-locked')
  })
})

test.describe('with a file of breached passwords', () => {
  const breached = 'Amber-Canyon-58'
  let dir: string
  test.beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rekey-breached-'))
    const hashes = [
      breached,
      ...Array.from({ length: 500 }, (_, number) => `password${number}`),
    ].map(password => createHash('sha1').update(password).digest('hex').toUpperCase())
    const lines = hashes.toSorted().map(hash => `${hash}:7\r\n`)
    await writeFile(join(dir, 'breached.txt'), lines.join(''))
  })
  test.afterAll(() => rm(dir, { recursive: true }))
  test.use({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixtures off this pattern.
    settings: async ({}, use) => {
      await use({ BREACHED_PASSWORDS_FILE: join(dir, 'breached.txt') })
    },
  })

  test('the dialog refuses such a password at its field', async ({ page, rekey }) => {
    const dialog = new ChangePasswordDialog(page)
    await page.goto(`${rekey.url}/account/me`)
    await signIn(page, people.member.login, demoPassword)
    await dialog.open()
    await dialog.fill(demoPassword, breached)
    await dialog.submit().click()
    await expect(
      dialog.root().getByText('This password is known from a data breach, so attackers try it.'),
    ).toBeVisible()
    await expect(dialog.next()).toBeFocused()
    await expect(dialog.rule('BREACHED')).toHaveAttribute('data-verdict', 'unmet')
    await dialog.fill(demoPassword, 'Amber-Canyon-59')
    await dialog.submit().click()
    await expect(dialog.done()).toBeVisible()
  })
})

test('a password that is too old gets a reminder, and then must be changed', async ({
  page,
  rekey,
}) => {
  const setting = (name: string) => page.getByRole('group', { name })
  const save = async (days: string, name: string) => {
    await setting(name).getByRole('switch').check()
    await setting(name).getByRole('textbox').fill(days)
    await page.getByRole('button', { name: 'Save changes' }).last().click()
  }
  const saved = page.getByText('Age of passwords saved')
  await page.goto(`${rekey.url}${address}`)
  await signIn(page, people.admin.login, demoPassword)
  await save('30', 'Remind users to change an old password')
  await expect(saved).toBeVisible()
  await page.reload()
  await expect(page.getByText('It is time to change your password')).toBeVisible()
  await look(page, 'password-age')
  await save('90', 'Require users to change an old password')
  const question = page.getByRole('dialog', { name: 'Require users to change old passwords?' })
  await expect(question.getByRole('link')).toBeVisible()
  await question.getByRole('button', { name: 'Require the change' }).click()
  await expect(saved).toBeVisible()
  // Nobody is excepted, not even the administrator.
  await page.reload()
  await expect(
    page.getByText('Your password is too old. To continue, choose a new one.'),
  ).toBeVisible()
  await page.getByLabel('Your current password', { exact: true }).fill(demoPassword)
  await page.getByLabel('New password', { exact: true }).fill('Brisk-Meadow-41')
  await page.getByLabel('Repeat new password', { exact: true }).fill('Brisk-Meadow-41')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('heading', { name: 'Password policy' })).toBeVisible()
  await expect(page.getByText('It is time to change your password')).toBeHidden()
})

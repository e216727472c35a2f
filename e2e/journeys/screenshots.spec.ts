import { join } from 'node:path'
import { schemes } from '../pages/gallery'
import { ChangePasswordDialog, demoPassword, expect, people, signIn, test } from '../pages/rekey'

/** The folder of the pictures in the README, or undefined if this run takes none. */
const folder = process.env.SCREENSHOTS_DIR

// The company with a history, because a table of people who never signed in says little.
test.use({ start: ['--demo'], viewport: { width: 1280, height: 760 } })

test('the pictures of the README show the Users table and the change dialog', async ({
  page,
  rekey,
}) => {
  test.skip(folder === undefined, 'npm run screenshots runs it.')
  const take = async (name: string) => {
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme })
      const path = join(folder ?? '', `${name}-${colorScheme}.png`)
      await page.screenshot({ path, caret: 'hide' })
    }
  }
  await page.goto(`${rekey.url}/account/users`)
  await signIn(page, people.owner.login, demoPassword)
  await expect(page.getByText(/^\d+ users$/)).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  // Otherwise the row under the pointer is marked.
  await page.mouse.move(0, 0)
  await take('users')

  await page.goto(`${rekey.url}/account/users?q=maya+lind`)
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  const dialog = new ChangePasswordDialog(page)
  await dialog.open()
  await dialog.current().fill(demoPassword)
  await dialog.next().fill('brisk-Meadow')
  await expect(dialog.root().getByText(/^Strength/)).toBeVisible()
  await take('change-password')
})

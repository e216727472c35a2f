import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { callApi, demoPassword, expect, people, signIn, signOut, test } from '../pages/rekey'

const operation = (page: Page) => page.getByRole('region', { name: 'Operation Editor' })
const result = (page: Page) => page.getByRole('region', { name: 'Result Window' })
/** Opens the group of an example, if it is closed, and then the example. */
const openExample = async (page: Page, group: string, name: string): Promise<void> => {
  const title = page.locator('summary').getByText(group, { exact: true })
  const members = page.getByRole('group').filter({ has: title })
  if ((await members.getAttribute('open')) === null) await title.click()
  await members.getByRole('button', { name, exact: true }).click()
}
const run = (page: Page) => page.getByRole('button', { name: /^Execute query/ })

/** Monaco shows spaces as U+00A0. */
const textOf = async (part: ReturnType<typeof result>): Promise<string> =>
  ((await part.textContent()) ?? '').replaceAll('\u00a0', ' ')

/** Waits until the explorer shows its first example. */
const expectExplorer = async (page: Page): Promise<void> => {
  await expect(page).toHaveTitle(/^API explorer/)
  await expect.poll(() => textOf(operation(page))).toContain('query WhoAmI')
}

/** Opens the explorer through the navigation. */
const openExplorer = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'API explorer' }).click()
  await expectExplorer(page)
}

test('a user with the permission runs queries as themselves, and nothing is loaded from other sites', async ({
  page,
  rekey,
}) => {
  const elsewhere: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(rekey.url)) elsewhere.push(request.url())
  })
  await page.goto(rekey.url)
  await signIn(page, people.admin.login, demoPassword)
  await openExplorer(page)
  await run(page).click()
  await expect.poll(() => textOf(result(page))).toContain(`"login": "${people.admin.login}"`)

  await openExample(page, 'Users', 'Users')
  await expect.poll(() => textOf(operation(page))).toContain('query Users')
  await run(page).click()
  await expect.poll(() => textOf(result(page))).toContain('"totalCount"')

  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await page.getByRole('link', { name: 'Query', exact: true }).click()
  await expect(
    page.getByText('The caller: the signed-in user, or the owner of the API token'),
  ).toBeVisible()
  expect(elsewhere).toEqual([])
})

test('entered text is not stored, so a reload starts again from the first example', async ({
  page,
  rekey,
}) => {
  await page.goto(rekey.url)
  await signIn(page, people.admin.login, demoPassword)
  await openExplorer(page)
  await openExample(page, 'Changing a password', 'ChangePassword')
  await expect.poll(() => textOf(operation(page))).toContain('mutation ChangePassword')
  await run(page).click()
  await expect.poll(() => textOf(result(page))).toContain('"errors": []')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(stored).not.toContain(demoPassword)
  await page.reload()
  await expectExplorer(page)
  await expect(page.getByRole('list', { name: 'Select active operation' })).toBeVisible()
  await expect(
    page.getByRole('list', { name: 'Select active operation' }).getByRole('listitem'),
  ).toHaveCount(1)
})

test('a user without the permission finds no link, sees a message at the address, and receives no page of the explorer', async ({
  page,
  rekey,
}) => {
  await page.goto(`${rekey.url}/explorer`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByText('You do not have permission to open the API explorer')).toBeVisible()
  await expect(page.getByRole('link', { name: 'API explorer' })).toHaveCount(0)
  const response = await page.request.get(`${rekey.url}/explorer`)
  expect(await response.text()).not.toContain('/explorer/assets/')

  await signOut(page)
  await page.goto(rekey.url)
  await signIn(page, people.admin.login, demoPassword)
  await expect(page.getByRole('link', { name: 'API explorer' })).toBeVisible()
  const {
    users: { nodes },
  } = await callApi(
    page,
    rekey,
    'query ($search: String) { users(search: $search) { nodes { id } } }',
    {
      search: people.member.login,
    },
  )
  await callApi(
    page,
    rekey,
    'mutation ($input: ChangeAccessInput!) { changeAccess(input: $input) { errors { __typename } } }',
    {
      input: {
        userId: nodes[0].id,
        role: 'MEMBER',
        grantedPermissions: ['api.explore'],
        withdrawnPermissions: [],
      },
    },
  )
  await signOut(page)
  await page.goto(`${rekey.url}/explorer`)
  await signIn(page, people.member.login, demoPassword)
  await expectExplorer(page)
  await run(page).click()
  await expect.poll(() => textOf(result(page))).toContain(`"login": "${people.member.login}"`)
})

test('the explorer fits wide and narrow, light and dark, has no axe violations, and leads back to the panel', async ({
  page,
  rekey,
}) => {
  await page.goto(rekey.url)
  await signIn(page, people.admin.login, demoPassword)
  await openExplorer(page)
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.reload()
      await expectExplorer(page)
      await run(page).click()
      await expect.poll(() => textOf(result(page))).toContain('"viewer"')
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([])
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(beyond).toBeLessThanOrEqual(0)
    }
  }
  // If there is room for only one pane, the examples close when one is chosen.
  await page.getByRole('button', { name: 'Show Examples' }).click()
  await expect(operation(page)).toBeHidden()
  await openExample(page, 'Changing a password', 'PasswordPolicy')
  await expect.poll(() => textOf(operation(page))).toContain('The rules for a new password')
  await expect(operation(page)).toBeVisible()
  await page.getByRole('link', { name: 'Back to Rekey' }).click()
  await expect(page).toHaveURL(`${rekey.url}/`)
})

import { UsersPage } from '../pages/people'
import {
  callApi,
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  test,
} from '../pages/rekey'

const editUser = `mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) { user { phone language } errors { ... on UserError { message } } }
}`

test('a person is found by their phone number, however it is typed', async ({ page, rekey }) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.admin.login)
  const { users: found } = await callApi(
    page,
    rekey,
    '{ users(search: "maya@demo") { nodes { id } } }',
    {},
  )
  const [{ id }] = found.nodes

  await page.goto(`${rekey.url}/account/users/${id}`)
  await page.getByLabel('Phone').fill('0048 601-234-567')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await expect(page.getByLabel('Phone')).toHaveValue('+48 601 234 567')
  // The number is shown in another spelling than it is stored. This does not count as a
  // change.
  await page.getByLabel('First name').fill('Maja')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeDisabled()

  await page.goto(`${rekey.url}/account/users`)
  for (const typed of ['601234567', '+48 601 234 567', '0601-234-567']) {
    await users.search(typed)
    await expect(page.getByText('1 user', { exact: true })).toBeVisible()
    await expect(users.row(people.member.name)).toContainText('+48 601 234 567')
    await users.search('')
    await expect(page.getByText('312 users')).toBeVisible()
  }

  await page.goto(`${rekey.url}/account/users/${id}`)
  await page.getByLabel('Phone').fill('4,86E+10')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('looks like a number that a spreadsheet shortened')).toBeVisible()
})

test('an odd language is rejected, and the profile is still shown', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  const { viewer } = await callApi(page, rekey, '{ viewer { id } }', {})
  for (const language of ['en-US-u-mu-celsius', 'de-x-foo', 'English']) {
    const { updateUser } = await callApi(page, rekey, editUser, {
      input: { userId: viewer.id, language },
    })
    expect(updateUser.errors[0].message).toContain('such as en, de-AT or pt-BR')
  }
  const { updateUser } = await callApi(page, rekey, editUser, {
    input: { userId: viewer.id, language: 'zh_hant_tw' },
  })
  expect(updateUser.user.language).toBe('zh-Hant-TW')
  await page.reload()
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Language' })).toHaveValue(/^中文/)
})

test('an administrator sets the default language and region', async ({ page, rekey }) => {
  await page.goto(`${rekey.url}/account/settings/general`)
  await signIn(page, people.admin.login, demoPassword)
  await expect(page.getByRole('heading', { name: 'General' })).toBeVisible()
  // The field offers the languages that Rekey has, and the stored one.
  const language = page.getByRole('combobox', { name: 'Default language' })
  await language.click()
  await expect(page.getByRole('option')).toContainText(['Deutsch', 'English', 'Polski'])
  await page.keyboard.press('Escape')
  await callApi(
    page,
    rekey,
    `mutation ($input: UpdateAccountSettingsInput!) {
      updateAccountSettings(input: $input) { errors { __typename } }
    }`,
    { input: { defaultLanguage: 'pl' } },
  )
  await page.reload()
  await expect(language).toHaveValue('Polski')
  await page.getByRole('combobox', { name: 'Default region' }).fill('Pol')
  await page.getByRole('option', { name: 'Poland' }).click()
  await page
    .getByRole('region', { name: 'Language and region' })
    .getByRole('button', { name: 'Save changes' })
    .click()
  await expect(page.getByText('Settings saved')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Default region' })).toHaveValue('Poland')
  await expectAccessible(page)

  // An edited national number is read in the region.
  await page.goto(`${rekey.url}/account/users?q=maya lind`)
  await page.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await page.getByLabel('Phone').fill('601 234 567')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByLabel('Phone')).toHaveValue('+48 601 234 567')

  await page.goto(`${rekey.url}/account/users`)
  await new UsersPage(page).add().click()
  await expect(page.getByRole('dialog').getByRole('combobox', { name: 'Language' })).toHaveValue(
    'Default: Polski',
  )
})

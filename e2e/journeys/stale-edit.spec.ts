import {
  comeBackTo,
  demoPassword,
  expect,
  expectAccessible,
  people,
  signIn,
  test,
} from '../pages/rekey'

test('an edit after another user’s edit is merged, and no entered value is lost', async ({
  page,
  browser,
  rekey,
}) => {
  // There is also a question with the same name.
  const field = (name: string) => page.getByRole('textbox', { name })
  await page.goto(`${rekey.url}/account/me`)
  await signIn(page, people.member.login, demoPassword)
  await expect(page.getByRole('heading', { name: people.member.name })).toBeVisible()
  await page.getByLabel('First name').fill('Maria')
  await page.getByLabel('Phone').fill('+46 70 111 11 11')

  const admin = await (await browser.newContext()).newPage()
  await admin.goto(`${rekey.url}/account/users?q=maya lind`)
  await signIn(admin, people.admin.login, demoPassword)
  await admin.getByRole('link', { name: `Edit ${people.member.name}` }).click()
  await admin.getByLabel('First name').fill('Maja')
  await admin.getByLabel('Last name').fill('Berg')
  await admin.getByLabel('Phone').fill('+46 70 222 22 22')
  await admin.getByRole('button', { name: 'Save changes' }).click()
  await expect(admin.getByText('Changes saved')).toBeVisible()

  // Returning to the tab loads the newer profile; the entered text stays.
  await comeBackTo(page)
  await page.getByRole('button', { name: 'Save changes' }).click()
  const stale = page.getByRole('alert')
  await expect(stale).toContainText('Someone else changed this profile in the meantime')
  await expect(stale).toBeFocused()
  await expect(stale).toContainText('Last name: Berg')
  await expect(field('First name')).toHaveValue('Maria')
  await expect(field('Last name')).toHaveValue('Berg')
  await expectAccessible(page)

  const firstName = stale.getByRole('radiogroup', { name: 'First name' })
  await firstName.getByLabel('Use theirs: Maja').check()
  await expect(field('First name')).toHaveValue('Maja')
  await firstName.getByLabel('Keep mine: Maria').check()
  await expect(field('First name')).toHaveValue('Maria')
  await stale.getByRole('button', { name: 'Use all of theirs' }).click()
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeDisabled()
  await stale.getByRole('button', { name: 'Keep all of mine' }).click()
  await stale
    .getByRole('radiogroup', { name: 'Phone' })
    .getByLabel('Use theirs: +46 70 222 22 22')
    .check()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Changes saved')).toBeVisible()
  await expect(stale).toBeHidden()
  await expect(page.getByRole('heading', { name: 'Maria Berg' })).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('First name')).toHaveValue('Maria')
  await expect(page.getByLabel('Phone')).toHaveValue('+46 70 222 22 22')
  await admin.context().close()
})

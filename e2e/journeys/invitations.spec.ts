import { EventEmitter, once } from 'node:events'
import { encodeText, workbookOf } from '../../client/src/invitations/test-files'
import { AddUserDialog, ImportPage, ProfilePage, UsersPage } from '../pages/people'
import { expect, expectAccessible, linkMailedTo, look, people, signOut, test } from '../pages/rekey'

const login = 'nora.lindgren@demo.example'

test('an added user receives a link by mail, and is listed as invited', async ({
  page,
  rekey,
  mailbox,
}) => {
  const users = new UsersPage(page)
  const dialog = new AddUserDialog(page)
  await users.open(rekey, people.admin.login)
  await users.add().click()
  await expect(dialog.field('Login')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(users.add()).toBeFocused()
  await users.add().click()
  await dialog.submit().click()
  await expect(dialog.root().getByText('Enter a first name.')).toBeVisible()

  await dialog.fill(people.member.login)
  await dialog.submit().click()
  await expect(dialog.root().getByText('Another user has this login.')).toBeVisible()
  await expect(dialog.field('Login')).toBeFocused()

  await dialog.field('Login').fill(login)
  // The content below moves up when the error disappears.
  await expect(dialog.root().getByText('Another user has this login.')).toBeHidden()
  await dialog.access().click()
  await dialog.root().getByRole('checkbox', { name: 'See operations' }).check()
  await expect(dialog.root().getByText('Granted')).toBeVisible()
  await expectAccessible(page)
  await dialog.submit().click()
  await expect(page.getByText('Invitation sent')).toBeVisible()
  // The list is updated without a reload.
  await expect(page.getByText('313 users')).toBeVisible()
  await expect(dialog.root()).toBeHidden()
  await expect(users.add()).toBeFocused()

  const link = await linkMailedTo(mailbox, login)
  expect(link).toContain(`${rekey.url}/activate#token=`)
  await users.search('nora lindgren')
  await expect(users.row('Nora Lindgren')).toContainText('Invited')

  await users.edit('Nora Lindgren').click()
  await expect(page.getByText('Invited, not accepted yet')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Resend invitation' }).click()
  expect(await linkMailedTo(mailbox, login, 2)).not.toBe(link)
  await page.getByRole('button', { name: 'Revoke invitation' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(page.getByText('The invitation was revoked')).toBeVisible()
  const profile = new ProfilePage(page)
  await profile.tab('Access').click()
  await expect(profile.permission('See operations')).toBeChecked()
})

test('a file with bad lines: each is reported, the good ones are invited, and the others are offered as a file', async ({
  page,
  rekey,
  mailbox,
}) => {
  const users = new UsersPage(page)
  const file = new ImportPage(page)
  await users.open(rekey, people.admin.login)
  await users.import().click()
  await expect(page.getByRole('heading', { name: 'Import users' })).toBeVisible()
  await expectAccessible(page)
  expect(await file.download('Download a template')).toBe(
    '\uFEFFLogin,First name,Last name,Phone,Language,Role,External id\r\n',
  )

  await file.choose('no,names@x.example\n')
  await expect(page.getByText('no column was recognized as the first name')).toBeVisible()
  await expect(file.option('Column headings')).toHaveValue('No column headings')
  await page.getByRole('button', { name: 'Choose another file' }).click()
  await file.choose('a;b;c\n1;2;3\n')
  await expect(page.getByText('no columns were recognized for them')).toBeVisible()
  await page.getByRole('button', { name: 'Choose another file' }).click()
  await file.choose(
    [
      'Mail;Given name;Surname;Phone;Function',
      'ann@new.example;Ann;Berg;+46 70 1;admin',
      `${people.member.login};Maya;;;`,
      'not an address;Bo;;;',
      'ANN@new.example;Ann;;;',
      'cy@new.example;Cy;;=1+1;',
      'di@new.example;Di;;;King',
      'ed@new.example;Ed;;;Owner',
      'flo@new.example;Flo;;;',
    ].join('\n'),
  )
  // This heading cannot be guessed.
  await file.change('Role', 'Function')
  await expect(page.getByText('6 lines cannot be used')).toBeVisible()
  const problems = [
    [3, 'Another user has this login.'],
    [4, 'e-mail address'],
    [5, 'Line 2 has the same login.'],
    [6, 'hone'],
    [7, '“King” is not a role'],
    [8, 'You cannot give more access than you have yourself.'],
  ] as const
  for (const [line, problem] of problems) await expect(file.line(line)).toContainText(problem)
  await expect(file.line(2)).toContainText('Ready')
  await expect(file.line(9)).toContainText('Ready')
  // The login is on one line, because there is room for it.
  expect((await file.line(3).boundingBox())?.height).toBeLessThan(45)
  await page.getByLabel(/^Only lines with problems/).check()
  await expect(file.lines()).toHaveCount(7)
  await expectAccessible(page)
  expect(mailbox.mailbox.mails).toEqual([])

  await file.confirm()
  await expect(page.getByText('2 users invited')).toBeVisible()
  await expectAccessible(page)
  const failed = await file.download('Download the failed lines')
  expect(failed.split('\r\n')).toHaveLength(8)
  expect(failed).toContain('cy@new.example,Cy,,"\'=1+1"')
  await linkMailedTo(mailbox, 'flo@new.example')
  await page.getByRole('link', { name: 'Go to users' }).click()
  await expect(page.getByText('314 users')).toBeVisible()
})

test('a file in another encoding shows how it was read, and is read again after another choice', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const file = new ImportPage(page)
  await users.open(rekey, people.admin.login)
  await page.goto(`${rekey.url}/account/users/import`)
  await file.choose(
    encodeText(
      'sep=;\r\nImię;Nazwisko;Adres e-mail;Telefon;Język\r\n' +
        'Łukasz;Żółć;lukasz@new.example;4,86E+10;pl\r\n' +
        'Małgorzata;Wiśniewska;gosia@new.example;+48 600 100 200;pl_pl\r\n' +
        'Paweł;Gąsior;pawel@new.example;;Polish\r\n',
      'windows-1250',
    ),
  )
  await expect(file.option('Encoding')).toHaveValue('Windows-1250 (Central European)')
  await expect(file.option('Separator')).toHaveValue('Semicolon')
  await expect(file.option('Column headings')).toHaveValue(/^Line 2: Imię, Nazwisko/)
  await expect(file.option('Login')).toHaveValue('Adres e-mail')
  await expect(file.line(3)).toContainText(
    'A spreadsheet program rounded the phone number to “4,86E+10”',
  )
  await expect(file.line(4)).toContainText('Wiśniewska')
  await expect(file.line(4)).toContainText('+48 600 100 200')
  await expect(file.line(4)).toContainText('pl-PL')
  await expect(file.line(4)).toContainText('Ready')
  await expect(file.line(5)).toContainText('Polish (not understood)')
  await expectAccessible(page)

  await file.change('Encoding', 'Windows-1252 (Western European)')
  await expect(file.line(3)).toContainText('£ukasz')
  await file.change('Encoding', 'Windows-1250 (Central European)')
  await expect(file.line(3)).toContainText('Łukasz')
  await file.change('Separator', 'Comma')
  await expect(page.getByText('no columns were recognized for them')).toBeVisible()
  await file.change('Separator', 'Semicolon')
  await file.change('Column headings', 'Line 3: Łukasz')
  await expect(file.option('Last name')).toHaveValue('')
  await file.change('Column headings', 'Line 2: Imię')
  await expect(file.line(4)).toContainText('Ready')

  await look(page, 'import-preview')
  // On a phone all values are below the login.
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(file.line(4)).toContainText('Phone+48 600 100 200')
})

test('a Salesforce export and an Excel workbook are imported with the right columns', async ({
  page,
  rekey,
  mailbox,
}) => {
  const users = new UsersPage(page)
  const file = new ImportPage(page)
  await users.open(rekey, people.admin.login)
  await page.goto(`${rekey.url}/account/users/import`)
  await file.choose(
    'Username,FirstName,LastName,Email,Title\nann.ash@corp1.example.sandbox1,Ann,Ash,ann@new.example,Dr\n',
  )
  await expect(file.option('Login')).toHaveValue('Email')
  await expect(page.getByText('Not imported: Username and Title.')).toBeVisible()
  await expect(file.line(2)).toContainText('ann@new.example')
  await page.getByRole('button', { name: 'Choose another file' }).click()

  await file.choose(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'old.xls')
  await expect(page.getByText('The file is an old Excel file (.xls)')).toBeVisible()
  await file.choose(workbookOf({ Notes: [] }).subarray(0, 100), 'broken.xlsx')
  await expect(page.getByText('The file is not an Excel workbook (.xlsx)')).toBeVisible()
  await file.choose(
    workbookOf({
      Notes: [['Nothing here']],
      People: [
        ['Vorname', 'Name', 'E-Mail-Adresse', 'Telefon', 'Rolle'],
        ['Jürgen', 'Groß', 'juergen@new.example', 48600100200, 'Admin'],
        ['Käthe', 'Müller', 'kaethe@new.example', null, 'Boss'],
        ['Łukasz', 'Żółć', 'lukasz@new.example', '+48 600 100 200', null],
      ],
    }),
    'people.xlsx',
  )
  await file.change('Sheet', 'People')
  await expect(file.option('Last name')).toHaveValue('Name')
  await expect(file.line(2)).toContainText('48600100200')
  await expect(file.line(2)).toContainText('Ready')
  await expect(file.line(3)).toContainText('Boss (not understood)')
  await expect(file.line(3)).not.toContainText('Member (')
  await expectAccessible(page)
  await file.confirm()
  await expect(page.getByText('2 users invited')).toBeVisible()
  const results = await file.download('Download all results')
  expect(results.split('\r\n').slice(0, 2)).toEqual([
    '\uFEFFLine,Vorname,Name,E-Mail-Adresse,Telefon,Rolle,Outcome,Problem',
    '2,Jürgen,Groß,juergen@new.example,48600100200,Admin,Invited,',
  ])
  expect(results).toContain('"\'+48 600 100 200"')
  await linkMailedTo(mailbox, 'lukasz@new.example')
})

test('a file of 20,000 lines is checked completely, and a larger one is rejected', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const file = new ImportPage(page)
  await users.open(rekey, people.admin.login)
  await page.goto(`${rekey.url}/account/users/import`)
  const fileOf = (count: number) => [
    ['Login', 'First name', 'Last name', 'Language'],
    ...Array.from({ length: count }, (_, at) => [`p${at}@new.example`, 'Zoë', `No. ${at}`, 'de']),
  ]
  await file.choose(
    fileOf(20_001)
      .map(cells => cells.join(','))
      .join('\n'),
  )
  await expect(page.getByText('The file has more than 20,000 lines.')).toBeVisible()
  await page.getByRole('button', { name: 'Choose another file' }).click()
  await file.choose(workbookOf({ People: fileOf(20_000) }), 'people.xlsx')
  await expect(page.getByRole('progressbar', { name: 'Checking' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Invite 20,000 users' })).toBeEnabled()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(file.line(52)).toContainText('p50@new.example')
  await expect(file.line(52)).toContainText('Ready')
})

test('an import can be stopped: earlier lines stay invited, and the others are reported', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  const file = new ImportPage(page)
  await users.open(rekey, people.admin.login)
  await page.goto(`${rekey.url}/account/users/import`)
  const lines = Array.from({ length: 60 }, (_, at) => `p${at}@new.example,Person ${at}`)
  await file.choose(['Login,First name', ...lines].join('\n'))
  await expect(file.invite()).toBeEnabled()
  // Holds the second batch until Stop has been clicked.
  let batches = 0
  const stopped = new EventEmitter()
  await page.route('**/graphql', async route => {
    if (route.request().postData()?.includes('"dryRun":false')) {
      batches += 1
      if (batches === 2) await once(stopped, 'go')
    }
    await route.continue()
  })
  await file.confirm()
  await expect(page.getByRole('progressbar', { name: 'Inviting' })).toBeVisible()
  await expect(page.getByText('25 of 60')).toBeVisible()
  await page.getByRole('button', { name: 'Stop' }).click()
  stopped.emit('go')
  await expect(page.getByText('50 users invited')).toBeVisible()
  await expect(file.line(52)).toContainText('The import stopped before this line.')
  expect(batches).toBe(2)
  await page.getByRole('link', { name: 'Go to users' }).click()
  await expect(page.getByText('362 users')).toBeVisible()
})

test('a user who may not add users finds no button, and sees a message at the address', async ({
  page,
  rekey,
}) => {
  const users = new UsersPage(page)
  await users.open(rekey, people.admin.login, '?q=maya+lind')
  const profile = new ProfilePage(page)
  await users.edit(people.member.name).click()
  await profile.tab('Access').click()
  await profile.permission('See users').check()
  await profile.save().click()
  await expect(page.getByText('Access changed')).toBeVisible()
  await signOut(page)
  await users.open(rekey, people.member.login)
  await expect(users.add()).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await page.goto(`${rekey.url}/account/users/import`)
  await expect(page.getByText('You do not have permission to add users')).toBeVisible()
  await expectAccessible(page)
})

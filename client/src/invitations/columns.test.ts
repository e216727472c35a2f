import { describe, expect, it } from '@jest/globals'
import { loadLocale, offeredLocales } from '../messages/load-locale'
import { localeOutside } from '../messages/use-locale'
import { fieldOf, importFields, importFieldsFor } from './column-names'
import { guessColumns, unusedColumns } from './columns'
import { template } from './import-lines'
import { readFile } from './read-file'

const { t } = localeOutside()

const tableOf = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  const { table } = readFile(t, { kind: 'text', name: 'people.csv', bytes })
  if ('problem' in table) throw new Error(table.problem)
  return table
}

const columnsOf = (text: string) => {
  const table = tableOf(text)
  const name = (column: number | null) => (column === null ? null : table.headings[column])
  return Object.fromEntries(
    Object.entries(guessColumns(table)).map(([field, column]) => [field, name(column)]),
  )
}

describe('the headings of a file', () => {
  it.each([
    ['English', 'E-Mail,SURNAME,first_name,Tel.,Locale,User role,external_id'],
    ['German', 'E-Mail-Adresse,Nachname,Vorname,Telefonnummer,Sprache,Rolle,Personalnummer'],
    ['Polish', 'Adres e-mail,Nazwisko,Imię,Numer telefonu,Język,Rola,Numer pracownika'],
    ['French', 'Adresse e-mail,Nom,Prénom,Téléphone,Langue,Rôle,Matricule'],
    ['Spanish', 'Correo electrónico,Apellidos,Nombre,Teléfono,Idioma,Rol,Número de empleado'],
    ['Arabic', 'البريد الإلكتروني,اسم العائلة,الاسم الأول,رقم الهاتف,اللغة,الدور,الرقم الوظيفي'],
    ['Italian', 'Indirizzo e-mail,Cognome,Nome,Telefono,Lingua,Ruolo,Matricola'],
    ['Portuguese', 'E-mail,Sobrenome,Nome,Telefone,Idioma,Função,Número de funcionário'],
    ['Swedish', 'E-post,Efternamn,Förnamn,Telefon,Språk,Roll,Anställningsnummer'],
    ['Czech', 'E-mailová adresa,Příjmení,Jméno,Telefon,Jazyk,Role,Osobní číslo'],
    ['Ukrainian', 'Електронна пошта,Прізвище,Ім’я,Телефон,Мова,Роль,Табельний номер'],
    ['Turkish', 'E-posta adresi,Soyadı,Adı,Telefon,Dil,Rol,Sicil no'],
  ])('are recognised in %s', (_language, headings) => {
    const [login, lastName, firstName, phone, language, role, externalId] = headings.split(',')
    const text = `${headings}\nann@x.example,Ash,Ann,1,en,Member,E-1\n`
    const fields = { login, lastName, firstName, phone, language, role, externalId }
    expect(columnsOf(text)).toEqual(fields)
  })

  it.each([
    [
      'Google Workspace',
      'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Recovery Email,Mobile Phone\nAnn,Ash,ann@x.example,****,home@y.example,1',
      ['Email Address [Required]', 'First Name [Required]', 'Last Name [Required]', 'Mobile Phone'],
    ],
    [
      'Google Contacts',
      'First Name,Middle Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value\nAnn,,Ash,Work,ann@x.example,ann@y.example,Work,1',
      ['E-mail 1 - Value', 'First Name', 'Last Name', 'Phone 1 - Value'],
    ],
    [
      'Microsoft 365',
      'Display name,First name,Last name,User principal name,Phone number\nAnn Ash,Ann,Ash,ann@x.example,1',
      ['User principal name', 'First name', 'Last name', 'Phone number'],
    ],
    [
      'Microsoft Entra',
      'Name [displayName] Required,User name [userPrincipalName] Required,First name [givenName],Last name [surname],Mobile phone [mobile]\nAnn Ash,ann@x.example,Ann,Ash,1',
      [
        'User name [userPrincipalName] Required',
        'First name [givenName]',
        'Last name [surname]',
        'Mobile phone [mobile]',
      ],
    ],
    [
      'HubSpot',
      'Record ID,First Name,Last Name,Email,Phone Number,Contact owner\n1,Ann,Ash,ann@x.example,1,Bo',
      ['Email', 'First Name', 'Last Name', 'Phone Number'],
    ],
    [
      'Mailchimp',
      'Email Address,First Name,Last Name,Address,Phone Number,TAGS\nann@x.example,Ann,Ash,,1,x',
      ['Email Address', 'First Name', 'Last Name', 'Phone Number'],
    ],
    [
      'Salesforce',
      'Username,FirstName,LastName,Email,Phone\nann.ash@corp1.example.sandbox1,Ann,Ash,ann@x.example,1',
      ['Email', 'FirstName', 'LastName', 'Phone'],
    ],
  ])('are recognised in an export of %s', (_product, text, [login, firstName, lastName, phone]) => {
    expect(columnsOf(text)).toMatchObject({ login, firstName, lastName, phone })
  })

  it.each(offeredLocales)('are recognised in the template in the language %s', async tag => {
    const { t } = await loadLocale([tag], ['console'])
    const table = tableOf(`${template(t, importFields)}a@x.example,Ann,,,,,\r\n`)
    expect(guessColumns(table)).toEqual({
      login: 0,
      firstName: 1,
      lastName: 2,
      phone: 3,
      language: 4,
      role: 5,
      externalId: 6,
    })
  })

  it.each(['Team', '', 'Required', 'Department', 'Recovery Email', 'E-mail 1 - Type'])(
    'such as %j do not name a field',
    heading => {
      expect(fieldOf(heading)).toBeNull()
    },
  )
})

describe('the column of the login', () => {
  it.each([
    ['Username,Email,First name\nash,ann@x.example,Ann', 'Email'],
    ['Login,Contact,First name\nash,ann@x.example,Ann', 'Contact'],
    ['Email,User,First name\n,ann@x.example,Ann', 'User'],
    ['Email,First name,Email\n,Ann,ann@x.example', 'Email (column 3)'],
    ['Email,First name,Email\nann@x.example,Ann,', 'Email (column 1)'],
    ['Login,Manager,Deputy,First name\nash,bo@x.example,cy@x.example,Ann', 'Login'],
  ])('is the one with e-mail addresses: %j', (text, login) => {
    expect(columnsOf(text).login).toBe(login)
  })

  it('is found without headings', () => {
    const table = tableOf('Ann,ann@x.example\nBo,bo@x.example\n')
    expect(table.headings).toEqual(['Column 1', 'Column 2'])
    expect(guessColumns(table).login).toBe(1)
  })
})

describe('the column of the external id', () => {
  it('is not read for a user who cannot store it', () => {
    const table = tableOf('Email,First name,external_id\nann@x.example,Ann,E-1')
    expect(guessColumns(table, importFieldsFor(['users.manage'])).externalId).toBe(2)
    expect(guessColumns(table, importFieldsFor(['users.invite'])).externalId).toBeNull()
  })
})

describe('a column that is only called Name', () => {
  it('is the last name if there is a first name, and otherwise nothing', () => {
    expect(columnsOf('Vorname,Name,E-Mail\nAnn,Ash,ann@x.example').lastName).toBe('Name')
    expect(columnsOf('Name,E-Mail\nAnn Ash,ann@x.example')).toMatchObject({
      firstName: null,
      lastName: null,
    })
  })
})

describe('the columns that are not imported', () => {
  it('are those that are not empty and not chosen', () => {
    const table = tableOf('Email,First name,Team,Empty\nann@x.example,Ann,Blue,\n')
    expect(unusedColumns(table, guessColumns(table))).toEqual(['Team'])
  })
})

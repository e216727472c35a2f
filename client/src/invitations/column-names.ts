import { foldText } from '@rekey/shared/search-text'
import type { PlainMessageId } from '../messages/locale'

/** The names of the fields of a line, which are also the headings of the template. */
export const importFieldMessages = {
  login: 'invitations.field.login',
  firstName: 'invitations.field.firstName',
  lastName: 'invitations.field.lastName',
  phone: 'invitations.field.phone',
  language: 'invitations.field.language',
  role: 'invitations.field.role',
  externalId: 'invitations.field.externalId',
} as const satisfies Record<string, PlainMessageId>

/** A field that is read from each line. */
export type ImportField = keyof typeof importFieldMessages

/** The fields in the order of the template. */
export const importFields = Object.keys(importFieldMessages) as ImportField[]

const fieldsOfInviters = importFields.filter(field => field !== 'externalId')

/** The fields that a user with these permissions can import. */
export const importFieldsFor = (permissions: readonly string[]): readonly ImportField[] =>
  permissions.includes('users.manage') ? importFields : fieldsOfInviters

// Headings in other languages and of other products. If a file has several of them, names that
// are earlier in a list are preferred. Case, accents, punctuation and text in brackets do not
// matter.
const names: Readonly<Record<ImportField, readonly string[]>> = {
  login: [
    // Addresses come first: a user name of another product can look like an address and not
    // receive mail.
    ...['email', 'email address', 'mail', 'mail address', 'primary email', 'work email'],
    // Google Contacts, Google Workspace, Outlook
    ...['e-mail 1 - value', 'home email', 'e-mail 1 address', 'user email'],
    // German
    ...['E-Mail-Adresse', 'Mailadresse', 'Email Adresse', 'E-Mail geschäftlich'],
    // Polish
    ...['adres e-mail', 'adres email', 'adres poczty elektronicznej', 'e-mail służbowy', 'poczta'],
    // French
    ...['adresse e-mail', 'adresse mail', 'adresse électronique', 'courriel', 'mél'],
    ...['adresse de messagerie', 'adresse courriel'],
    // Spanish
    ...['correo', 'correo electrónico', 'dirección de correo electrónico', 'dirección de correo'],
    // Portuguese, Italian, Dutch
    ...['endereço de e-mail', 'correio eletrónico', 'correio eletrônico', 'indirizzo e-mail'],
    ...['indirizzo email', 'posta elettronica', 'e-mailadres', 'emailadres'],
    // Swedish, Danish, Norwegian, Finnish
    ...['e-post', 'e-postadress', 'e-mailadresse', 'e-postadresse', 'sähköposti'],
    ...['sähköpostiosoite'],
    // Czech, Slovak, Hungarian, Romanian, Turkish
    ...['e-mailová adresa', 'emailová adresa', 'e-mail cím', 'e-mail-cím', 'adresă de e-mail'],
    ...['e-posta', 'e-posta adresi', 'eposta'],
    // Arabic
    ...['البريد الإلكتروني', 'عنوان البريد الإلكتروني', 'بريد إلكتروني'],
    ...['البريد', 'الإيميل', 'إيميل'],
    // Ukrainian, Russian, Greek
    ...['електронна пошта', 'електронна адреса', 'эл. почта', 'электронная почта', 'почта'],
    ...['адрес электронной почты', 'ηλεκτρονικό ταχυδρομείο'],
    // Names of accounts
    ...['login', 'user principal name', 'upn', 'username', 'user', 'user id', 'login name'],
    ...['Benutzername', 'Anmeldename', 'nazwa użytkownika', 'nom d’utilisateur', 'identifiant'],
    ...['usuario', 'nombre de usuario', 'utilizador', 'nome utente', 'gebruikersnaam'],
    ...['användarnamn', 'uživatelské jméno', 'логин', 'логін', 'kullanıcı adı'],
    ...['اسم الدخول', 'اسم المستخدم', 'اسم تسجيل الدخول'],
  ],
  firstName: [
    ...['first name', 'given name', 'forename', 'first', 'fname', 'given'],
    ...['Vorname', 'imię', 'prénom', 'nombre', 'nombres', 'nombre de pila', 'primer nombre'],
    ...['nome', 'primeiro nome', 'nome próprio', 'voornaam', 'förnamn', 'fornavn', 'etunimi'],
    ...['jméno', 'křestní jméno', 'meno', 'krstné meno', 'keresztnév', 'utónév', 'prenume'],
    ...['ad', 'adı', 'ім’я', 'имя', 'όνομα', 'ime', 'الاسم الأول', 'الاسم الشخصي', 'الاسم'],
  ],
  lastName: [
    ...['last name', 'surname', 'family name', 'last', 'lname', 'family'],
    ...['Nachname', 'Familienname', 'Zuname', 'nazwisko', 'nom de famille', 'nom', 'apellidos'],
    ...['apellido', 'primer apellido', 'sobrenome', 'apelido', 'último nome', 'cognome'],
    ...['achternaam', 'familienaam', 'efternamn', 'efternavn', 'etternavn', 'sukunimi'],
    ...['příjmení', 'priezvisko', 'vezetéknév', 'családnév', 'nume', 'nume de familie'],
    ...['soyad', 'soyadı', 'прізвище', 'фамилия', 'επώνυμο', 'prezime', 'priimek'],
    ...['اسم العائلة', 'الاسم الأخير', 'اللقب', 'الكنية', 'الاسم العائلي'],
  ],
  phone: [
    ...['phone', 'phone number', 'telephone', 'telephone number', 'tel', 'tel no'],
    ...['phone 1 - value', 'mobile', 'mobile phone', 'mobile phone number', 'mobile number'],
    ...['cell', 'cell phone', 'work phone', 'business phone', 'home phone', 'primary phone'],
    ...['Telefon', 'Telefonnummer', 'Rufnummer', 'Handy', 'Handynummer', 'Mobiltelefon', 'Mobil'],
    ...['Mobilnummer', 'numer telefonu', 'nr telefonu', 'telefon komórkowy', 'komórka'],
    ...['téléphone', 'numéro de téléphone', 'portable', 'téléphone portable'],
    ...['teléfono', 'número de teléfono', 'móvil', 'teléfono móvil', 'celular'],
    ...['telefone', 'telemóvel', 'telefono', 'cellulare', 'numero di telefono', 'telefoon'],
    ...['telefoonnummer', 'mobiel', 'telefonní číslo', 'telefonszám', 'telefonnummer', 'puhelin'],
    ...['الهاتف', 'رقم الهاتف', 'هاتف', 'الجوال', 'رقم الجوال', 'الموبايل', 'الهاتف المحمول'],
    ...['mobiltelefon', 'cep telefonu', 'телефон', 'номер телефону', 'номер телефона', 'τηλέφωνο'],
  ],
  language: [
    ...['language', 'preferred language', 'lang', 'locale', 'language code'],
    ...['Sprache', 'język', 'langue', 'idioma', 'lingua', 'língua', 'taal', 'språk', 'sprog'],
    ...['jazyk', 'nyelv', 'limbă', 'dil', 'kieli', 'мова', 'язык', 'γλώσσα', 'jezik'],
    ...['اللغة', 'لغة'],
  ],
  role: [
    ...['role', 'user role', 'access role', 'Rolle', 'Benutzerrolle', 'rola', 'rôle', 'rol'],
    ...['ruolo', 'função', 'papel', 'roll', 'rooli', 'szerep', 'szerepkör', 'роль', 'ρόλος'],
    ...['الدور', 'دور', 'الصلاحية', 'دور المستخدم'],
  ],
  externalId: [
    ...['external id', 'external user id', 'employee id', 'employee number', 'employee no'],
    ...['personnel number', 'staff id', 'staff number', 'externe ID', 'Personalnummer'],
    ...['Mitarbeiternummer', 'Mitarbeiter-ID', 'identyfikator zewnętrzny', 'numer pracownika'],
    ...['id externe', 'matricule', 'numéro d’employé', 'id externo', 'número de empleado'],
    ...['número de funcionário', 'id esterno', 'matricola', 'extern id', 'personeelsnummer'],
    ...['medewerkersnummer', 'anställningsnummer', 'medarbejdernummer', 'ansattnummer'],
    ...['henkilönumero', 'osobní číslo', 'osobné číslo', 'törzsszám', 'sicil no'],
    ...['табельний номер', 'табельный номер', 'المعرّف الخارجي', 'الرقم الوظيفي'],
  ],
}

/**
 * A heading without case, accents, punctuation and text in brackets, as in `Email Address
 * [Required]`.
 */
const fold = (heading: string): string =>
  foldText(heading.slice(0, 200).replace(/\[[^[\]]*\]|\([^()]*\)/g, ''))
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?<=.)required$/, '')

const places = new Map<string, { readonly field: ImportField; readonly place: number }>()
for (const field of importFields) {
  for (const [place, name] of names[field].entries()) {
    if (!places.has(fold(name))) places.set(fold(name), { field, place })
  }
}

/**
 * Finds the field that a heading names.
 *
 * @returns the field and the position of the heading in the list of its names; or null.
 */
export const fieldOf = (heading: string): { field: ImportField; place: number } | null =>
  places.get(fold(heading)) ?? null

/** Whether a heading is only “Name”, which means the last name if there is also a first name. */
export const isPlainName = (heading: string): boolean => fold(heading) === 'name'

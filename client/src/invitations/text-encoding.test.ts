import { describe, expect, it } from '@jest/globals'
import { encodeText, encodeUtf16 } from './test-files'
import { decodeText, encodings, guessEncoding } from './text-encoding'

const polish = [
  'Łukasz;Żółć',
  'Wiśniewski;Paweł',
  'Gąsior;Małgorzata',
  'Chęć;Źrebiec',
  'Śliwa;Anna',
]
const czech = ['Jiří;Dvořák', 'Tomáš;Růžička', 'Řehoř;Kučera', 'Božena;Němcová', 'Zdeněk;Šťastný']
const hungarian = ['Győző;Szabó', 'Erzsébet;Erdős', 'Ödön;Fűzfa', 'Zoltán;Kővári']
const romanian = ['Ionuţ;Brătianu', 'Bogdan;Popeşti', 'Ştefan;Mândruţă']
const croatian = ['Đorđe;Kovačević', 'Željko;Šarić', 'Ćiro;Blažević']
const german = ['Jürgen;Müller', 'Käthe;Groß', 'Björn;Jäger']
const french = ['François;Lefèvre', 'Zoë;Béranger', 'Hélène;Benoît']
const spanish = ['Íñigo;Muñoz', 'José;Núñez', 'Begoña;Peña', 'Ángel;Gómez']
const portuguese = ['João;Magalhães', 'Conceição;Simões', 'Sebastião;Guimarães']
const nordic = ['Søren;Bjørnsen', 'Åse;Håkansson', 'Bjørn;Ærø', 'Märta;Sjöberg']
const icelandic = ['Guðrún;Jónsdóttir', 'Þór;Sigurðsson', 'Kristján;Ægisson', 'Ásdís;Þórðardóttir']
const turkish = ['Ayşe;Yılmaz', 'İbrahim;Doğan', 'Şahin;Öztürk', 'Gökhan;Çelik', 'Işık;Yıldız']
const russian = ['Иван;Петров', 'Ольга;Соловьёва', 'Мария;Щербакова']
const ukrainian = ['Їжак;Андрій', 'Олексій;Шевченко', 'Євген;Ґудзь']
const greek = ['Γιώργος;Παπαδόπουλος', 'Μαρία;Νικολάου', 'Ελένη;Αντωνίου']
const lithuanian = [
  'Šarūnas;Petrauskas',
  'Živilė;Žukauskaitė',
  'Giedrė;Balčiūnienė',
  'Jūratė;Kęstutienė',
]
const latvian = ['Jānis;Bērziņš', 'Līga;Kalniņa', 'Ģirts;Ozoliņš', 'Kārlis;Ūdris']
const hebrew = ['כהן;דוד', 'לוי;רחל', 'מזרחי;יוסף', 'ביטון;שרה']

const fileOf = (names: readonly string[]): string =>
  `E-Mail;Name\r\n${names.map((name, at) => `p${at}@new.example;${name}`).join('\r\n')}\r\n`

describe('the encoding of a file', () => {
  it.each([
    ['windows-1250', 'Polish', polish],
    ['windows-1250', 'Czech', czech],
    ['windows-1250', 'Hungarian', hungarian],
    ['windows-1250', 'Romanian', romanian],
    ['windows-1250', 'Croatian', croatian],
    ['windows-1250', 'Polish and German', [...polish, ...german]],
    ['iso-8859-2', 'Polish', polish],
    ['iso-8859-2', 'Czech', czech],
    ['windows-1252', 'German', german],
    ['windows-1252', 'French', french],
    ['windows-1252', 'Spanish', spanish],
    ['windows-1252', 'Portuguese', portuguese],
    ['windows-1252', 'Nordic', nordic],
    ['windows-1252', 'Icelandic', icelandic],
    ['windows-1252', 'Western', [...german, ...french, ...spanish, ...portuguese, ...nordic]],
    ['windows-1254', 'Turkish', turkish],
    ['windows-1251', 'Russian', russian],
    ['windows-1251', 'Ukrainian', ukrainian],
    ['windows-1253', 'Greek', greek],
    ['windows-1257', 'Lithuanian', lithuanian],
    ['windows-1257', 'Latvian', latvian],
    ['windows-1255', 'Hebrew', hebrew],
    ['macintosh', 'French and German', [...french, ...german]],
  ])('is %s when %s names are written in it', (label, _language, names) => {
    const text = fileOf(names)
    const bytes = encodeText(text, label)
    expect(guessEncoding(bytes)).toBe(label)
    expect(decodeText(bytes, label)).toBe(text)
  })

  it.each([
    ['of capitals', polish.map(name => name.toUpperCase())],
    ['of one name in every line', Array.from({ length: 5_000 }, () => 'Łukasz;Żółć')],
    ['without spaces', polish.map(name => name.replace(';', ''))],
    ['with typographic quotation marks', ['„Łukasz”;O’Żal', ...polish]],
  ])('is found in a file %s', (_kind, names) => {
    expect(guessEncoding(encodeText(fileOf(names), 'windows-1250'))).toBe('windows-1250')
  })

  // One name contains little information, but many small files have no more.
  it.each([
    ...[...polish, ...czech].map(name => ['windows-1250', name] as const),
    ...['Müller', 'Lefèvre', 'Muñoz', 'João', 'Søren', 'Håkansson', 'Benoît', 'Zoë'].map(
      name => ['windows-1252', name] as const,
    ),
    ...['Ayşe', 'Yıldız', 'Işık'].map(name => ['windows-1254', name] as const),
    ...['Иван', 'Ольга', 'Щербакова', 'Шевченко'].map(name => ['windows-1251', name] as const),
  ])('is %s for a file whose only name is %s', (label, name) => {
    const bytes = encodeText(fileOf([name]), label)
    expect(decodeText(bytes, guessEncoding(bytes))).toBe(fileOf([name]))
  })

  it.each([german, polish, russian, greek, ['李;小龍'], ['😀;Ann'], ['Ann;Ash']])(
    'is UTF-8 if the file is valid UTF-8: %s',
    (...names) => {
      expect(guessEncoding(new TextEncoder().encode(fileOf(names)))).toBe('utf-8')
    },
  )

  it('is UTF-8 if the file has its byte order mark, even if the rest is invalid', () => {
    expect(guessEncoding(Uint8Array.of(0xef, 0xbb, 0xbf, 0xe9, 0xe9))).toBe('utf-8')
  })

  it.each(['\uFEFF', ''])('remains UTF-8 if some of its bytes are invalid (mark: %j)', mark => {
    const bytes = new TextEncoder().encode(`${mark}${fileOf(polish)}?;x`)
    bytes[bytes.length - 3] = 0xb3
    expect(guessEncoding(bytes)).toBe('utf-8')
    expect(decodeText(bytes, 'utf-8')).toContain('\uFFFD;x')
    expect(decodeText(bytes, 'utf-8')).toContain('Łukasz;Żółć')
  })

  it.each(['le', 'be'] as const)('is UTF-16 %s with and without a byte order mark', order => {
    for (const names of [german, russian, ['李;小龍']]) {
      for (const mark of [true, false]) {
        const bytes = encodeUtf16(fileOf(names), order, mark)
        expect(guessEncoding(bytes)).toBe(`utf-16${order}`)
        expect(decodeText(bytes, `utf-16${order}`)).toBe(fileOf(names))
      }
    }
  })

  it('can be any of the list, and the browser supports each of them', () => {
    for (const { label } of encodings) expect(decodeText(Uint8Array.of(), label)).toBe('')
    expect(new Set(encodings.map(({ name }) => name)).size).toBe(encodings.length)
  })

  it('is always one of the list, whatever the bytes are', () => {
    const labels = encodings.map(({ label }) => label)
    let seed = 1
    for (let size = 0; size < 300; size += 7) {
      const bytes = Uint8Array.from({ length: size }, () => {
        seed = (seed * 48_271) % 0x7fffffff
        return seed % 256
      })
      expect(labels).toContain(guessEncoding(bytes))
    }
  })
})

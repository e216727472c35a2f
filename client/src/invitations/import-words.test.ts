import { describe, expect, it } from '@jest/globals'
import { localeOutside } from '../messages/use-locale'
import { adviceOn, outcomeInWords } from './import-words'

const { t } = localeOutside()

const mapping = {
  login: 0,
  firstName: 1,
  lastName: null,
  phone: null,
  language: null,
  role: null,
  externalId: null,
}

describe('the texts of an import', () => {
  it.each([
    [
      1,
      2,
      mapping,
      /^This line will not be imported\. After the import, you can download it with the reason\./,
    ],
    [
      2,
      2,
      mapping,
      /^These lines will not be imported\. After the import, you can download them with the reasons\./,
    ],
    [2, 0, mapping, /^The table shows the problems of each line\./],
    [2, 0, { ...mapping, login: null }, /^Every line needs a login, but no column was recognized/],
    [
      2,
      0,
      { ...mapping, firstName: null },
      /^Every line needs a first name, but no column was recognized/,
    ],
    [
      2,
      0,
      { ...mapping, login: null, firstName: null },
      /^Every line needs a login and a first name, but no columns were recognized/,
    ],
  ])('give useful advice for %i bad and %i good lines', (bad, good, columns, advice) => {
    expect(adviceOn(t, bad, good, columns)).toMatch(advice)
  })

  it.each([
    [0, 3, 'Every user in the file was invited.'],
    [1, 1, '1 of 1 line failed. Download it, correct it, and import that file.'],
    [1, 1200, '1 of 1,200 lines failed. Download it, correct it, and import that file.'],
    [2, 3, '2 of 3 lines failed. Download them, correct them, and import that file.'],
  ])('report the result if %i of %i lines failed', (failed, all, result) => {
    expect(outcomeInWords(t, failed, all)).toBe(result)
  })
})

import { describe, expect, it } from '@jest/globals'
import { localeOutside } from '../messages/use-locale'
import { adviceOn, outcomeInWords } from './import-words'

const { t } = localeOutside()

const mapping = { login: 0, firstName: 1, lastName: null, phone: null, language: null, role: null }

describe('the texts of an import', () => {
  it.each([
    [1, 2, mapping, /^It is left out\. You can download it with the reason/],
    [2, 2, mapping, /^They are left out\. You can download them with the reasons/],
    [2, 0, mapping, /^The reason stands beside each line\./],
    [2, 0, { ...mapping, login: null }, /^No column was recognised as login, which/],
    [
      2,
      0,
      { ...mapping, login: null, firstName: null },
      /^No column was recognised as login or first name, which/,
    ],
  ])('give useful advice for %i bad and %i good lines', (bad, good, columns, advice) => {
    expect(adviceOn(t, bad, good, columns)).toMatch(advice)
  })

  it.each([
    [0, 3, 'Every line of the file went through.'],
    [1, 1, '1 of 1 line did not go through. Download it, correct it, and import that file.'],
    [
      1,
      1200,
      '1 of 1,200 lines did not go through. Download it, correct it, and import that file.',
    ],
    [2, 3, '2 of 3 lines did not go through. Download them, correct them, and import that file.'],
  ])('report the result if %i of %i lines failed', (failed, all, result) => {
    expect(outcomeInWords(t, failed, all)).toBe(result)
  })
})

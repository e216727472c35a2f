// Generates the lists of commonly used passwords from lists with one password a line, most used
// first: node .scripts/common-passwords.mjs <list>...
// docs/decisions/0007-commonly-used-passwords.md names the sources of the current lists.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir } from './workspace.mjs'

/**
 * The requirement of ASVS 5.0, 6.2.4: the 3,000 most used passwords that fit any possible policy.
 */
const requiredCount = 3000
const completedBases = 600

const fold = text => text.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC')
const has = {
  letters: text => (text.match(/\p{L}/gu) ?? []).length >= 2,
  number: text => /\p{Nd}/u.test(text),
  special: text => /[^\p{L}\p{M}\p{N}\p{C}]/u.test(text),
}
const lengthOf = text => [...text].length
/** Whether a text has the form that the default policy requires: see `fitsStrictList` in shared. */
const isStrict = text =>
  lengthOf(text) >= 12 && has.letters(text) && has.number(text) && has.special(text)

const ranked = process.argv
  .slice(2)
  .flatMap(path => readFileSync(path, 'utf8').split(/\r?\n/))
  .map(line => fold(line.trim()))
  .filter(text => lengthOf(text) <= 64 && !/[\p{C}\ufffd]/u.test(text))

// The source lists are older than policies that require a special character. Under such policies,
// people extend the word they always used, for example with 123! or @123.
const tails = ['123!', '1234!', '12345!', '123456!', '@123', '@1234', '@12345', '@123456', '#123']
const leetTails = ['123', '1234', '12345', '123!', '1234!']
const bases = [...new Set(ranked)]
const completed = [
  ...bases
    .filter(text => /^[A-Z]{4,}$/.test(text))
    .slice(0, completedBases)
    .flatMap(text => tails.map(tail => text + tail)),
  ...bases
    .filter(text => /^P[A@4][S$5]{2}W[O0]RD$/.test(text) && /[@$]/.test(text))
    .flatMap(text => leetTails.map(tail => text + tail)),
]

const candidates = [...new Set([...ranked, ...completed])]
  .filter(text => lengthOf(text) >= 8)
  .map(text => ({
    text,
    length: lengthOf(text),
    letters: has.letters(text),
    number: has.number(text),
    special: has.special(text),
  }))

// For every form that a policy can require, keeps the most used passwords. For the form of the
// default policy, keeps all of them.
const selected = new Set(candidates.filter(one => isStrict(one.text)).map(one => one.text))
for (let minLength = 8; minLength <= 16; minLength += 1) {
  for (let asked = 0; asked < 8; asked += 1) {
    let count = 0
    for (const one of candidates) {
      const fits =
        one.length >= minLength &&
        (!(asked & 1) || one.letters) &&
        (!(asked & 2) || one.number) &&
        (!(asked & 4) || one.special)
      if (!fits) continue
      selected.add(one.text)
      count += 1
      if (count === requiredCount) break
    }
  }
}

const write = (name, doc, texts) => {
  const path = join(projectDir, 'shared/src/password-policy/common-passwords', `${name}.ts`)
  const lines = [`/** ${doc} */`, `export const list = ${JSON.stringify(texts.sort().join('\n'))}`]
  writeFileSync(path, `${lines.join('\n')}\n`)
  process.stdout.write(`${name}: ${texts.length}\n`)
}
const strict = [...kept].filter(isStrict)
write('strict-list', 'Folded, one a line: 12 characters or more, of every class.', strict)
const other = [...kept].filter(text => !isStrict(text))
write('other-list', 'Folded, one a line: those that only a less strict policy would allow.', other)

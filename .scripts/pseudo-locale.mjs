// The pseudo-locale: English with an accent on every letter, 40 % longer, in brackets. It shows which
// texts are in no catalogue, and where a longer language would be cut off.
import { TYPE } from '@formatjs/icu-messageformat-parser'

/** The tag that Unicode reserves for English with accents (CLDR). */
export const pseudoLocale = 'en-XA'

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const accented = [...'ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž']
const accent = text => [...text].map(letter => accented[plain.indexOf(letter)] ?? letter).join('')

// The length of the longest form of a message, without its arguments.
const lengthOf = elements =>
  elements.reduce((length, { type, value, children, options }) => {
    if (type === TYPE.literal) return length + value.length
    if (children) return length + lengthOf(children)
    const forms = Object.values(options ?? {}).map(option => lengthOf(option.value))
    return length + Math.max(0, ...forms)
  }, 0)

const accentAll = elements =>
  elements.map(element => {
    if (element.type === TYPE.literal) return { ...element, value: accent(element.value) }
    const inner = { ...element }
    if (inner.children) inner.children = accentAll(inner.children)
    if (inner.options) {
      inner.options = Object.fromEntries(
        Object.entries(inner.options).map(([name, { value }]) => [
          name,
          { value: accentAll(value) },
        ]),
      )
    }
    return inner
  })

const literal = value => ({ type: TYPE.literal, value })

/** A parsed message in the pseudo-locale. */
export const pseudoMessage = message => {
  const added = Math.ceil(lengthOf(message) * 0.4)
  // In words of five letters, so that lines can break.
  const padding = 'ẋẋẋẋẋ '
    .repeat(Math.ceil(added / 6))
    .slice(0, added)
    .trimEnd()
  return [literal('['), ...accentAll(message), literal(padding === '' ? ']' : ` ${padding}]`)]
}

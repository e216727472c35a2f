/**
 * The props of a field whose text runs from left to right in every language: a login, a phone
 * number, a code, an address. Only the text: in a right-to-left page it begins on the right, and the
 * icons of the field stay on their side.
 */
export const leftToRight = { attributes: { input: { dir: 'ltr' } } } as const

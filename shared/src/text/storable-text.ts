/**
 * Text that every database can store. Some databases cannot store U+0000 or half of a surrogate pair,
 * and no field may contain them. In a search they are replaced, so that they find nothing.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

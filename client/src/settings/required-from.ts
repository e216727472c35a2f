/** A day of the calendar, as fields for days have it, in the browser's time zone. */
export const dayOf = (moment: Date): string => {
  const local = new Date(moment)
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset())
  return local.toISOString().slice(0, 10)
}

/** The first and the last day from which a second factor can be required. */
export const requiredFromBounds = (): { first: string; last: string } => {
  const last = new Date()
  last.setDate(last.getDate() + 365)
  return { first: dayOf(new Date()), last: dayOf(last) }
}

/** The beginning of a day, or null if the text is no day within the bounds. */
export const startOf = (day: string): string | null => {
  const { first, last } = requiredFromBounds()
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day < first || day > last) return null
  return new Date(`${day}T00:00`).toISOString()
}

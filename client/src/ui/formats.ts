const orAsIs = (asIs: string, format: () => string | undefined): string => {
  try {
    return format() ?? asIs
  } catch {
    return asIs
  }
}

/** The host of an address, such as `example.org` for `https://example.org/hook`. */
export const hostOf = (url: string): string => orAsIs(url, () => new URL(url).host)

/** JSON with line breaks and indentation. */
export const formatJson = (json: string): string =>
  orAsIs(json, () => JSON.stringify(JSON.parse(json), null, 2))

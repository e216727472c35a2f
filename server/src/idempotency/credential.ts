/**
 * What a request proves itself with: its API token, else the token of its session; undefined
 * when it brings neither. Whether it is good is another matter.
 *
 * @param authorization the header of that name.
 */
export const credentialOf = (
  authorization: string | undefined,
  sessionToken: string | undefined,
): string | undefined => {
  const [, apiToken] = /^bearer +(rk_.*)$/i.exec(authorization ?? '') ?? []
  return apiToken ?? sessionToken
}

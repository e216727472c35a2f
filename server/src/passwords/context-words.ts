import { isIP } from 'node:net'
import { domainToUnicode } from 'node:url'
import { productName } from '../settings/account-look.js'

/**
 * The words that an attacker would try for every user: the name of the product and the parts of the
 * host name, except the last one, which names a country or a kind of organisation.
 *
 * @param publicUrl the address of the server. An IP address gives no words.
 */
export const contextWordsOf = ({ hostname }: URL): string[] => {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return [productName]
  const labels = domainToUnicode(hostname)
    .split('.')
    .filter(label => label !== '')
  return [productName, ...(labels.length === 1 ? labels : labels.slice(0, -1))]
}

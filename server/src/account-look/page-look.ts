import { accentOf } from '@rekey/shared/accent'
import type { PageFacts } from '../http/client-files.js'
import type { AccountLook } from '../settings/account-look.js'
import { logoAddressOf } from './logo-address.js'

/** How the account looks, for the attributes of a page: so it never appears in another look first. */
export const pageLookOf = ({
  name,
  accentColor,
  logo,
}: AccountLook): Omit<PageFacts, 'defaultLanguage'> => ({
  accountName: name ?? '',
  accountShades: accentColor === null ? '' : accentOf(accentColor).shades.join(','),
  accountLogo: logoAddressOf(logo) ?? '',
})

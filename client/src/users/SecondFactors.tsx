import { useLocale } from '../messages/use-locale'
import { methodMessages } from '../second-factor/methods'
import type { ListedUser } from './listed-user'

/** The methods of a user's second factors, in words. */
export const SecondFactors = ({ user }: { user: ListedUser }) => {
  const { t, formatList } = useLocale()
  if (user.secondFactors == null) return '–'
  const methods = [...new Set(user.secondFactors.map(({ method }) => method))]
  if (methods.length === 0) return t('users.secondFactor.noneShort')
  return formatList(methods.map(method => t(methodMessages[method])))
}

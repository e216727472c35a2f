import type { MessageId, MessageNodes } from './locale'
import { useLocale } from './use-locale'

/**
 * A message with elements in it: arguments that are elements, and tags such as `<b>`, which are
 * functions of their content.
 */
export const Message = <Id extends MessageId>({
  id,
  values,
}: {
  id: Id
} & (MessageNodes<Id> extends [infer Values] ? { values: Values } : { values?: undefined })) => {
  const { format } = useLocale()
  return <>{format(id, ...((values === undefined ? [] : [values]) as MessageNodes<Id>))}</>
}

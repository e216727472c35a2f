import { useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { OperationRetention } from './operation-retention'

/** Says that the list does not go back further, if the account deletes old operations. */
export const DeletedOperations = () => {
  const { t, formatDay } = useLocale()
  const { data } = useQuery(OperationRetention)
  const { keepDays, deletedUpTo, deletedAt } = data?.operationRetention ?? {}
  return (
    <Text size="xs" c="dimmed">
      {keepDays != null && t('operations.retention.kept', { days: keepDays })}{' '}
      {deletedUpTo != null &&
        deletedAt != null &&
        t('operations.retention.deleted', { number: deletedUpTo, day: formatDay(deletedAt) })}
    </Text>
  )
}

import { Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'

interface Props {
  /** Why the count could not be loaded; undefined if it was, or is being loaded. */
  failure: unknown
  /** A sentence with the count; undefined while it is being loaded. */
  children: ReactNode
}

/** How many users or tokens a setting concerns. */
export const AffectedCount = ({ failure, children }: Props) => {
  const { t } = useLocale()
  if (failure !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        {describeFailure(t, failure)}
      </Text>
    )
  }
  return (
    <div role="status">
      {children === undefined ? (
        <Skeleton height={22} aria-label={t('ui.loading')} />
      ) : (
        <Text size="sm" fw={600}>
          {children}
        </Text>
      )}
    </div>
  )
}

import type { TypedDocumentNode } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { Card, Skeleton, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocale } from '../messages/use-locale'
import { LoadFailure } from '../ui/LoadFailure'

interface Props<Data> {
  id: string
  title: string
  hint?: string
  query: TypedDocumentNode<Data, Record<string, never>>
  /** The height in pixels of the content, before it is loaded. */
  height: number
  /** Shows the loaded settings. */
  children: (data: Data) => ReactNode
}

/** A card of settings that loads them itself, and again when the user returns to the page. */
export const SettingsCard = <Data,>({ id, title, hint, query, height, children }: Props<Data>) => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery<Data>(query, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby={id}>
      <Title order={2} size="h5" mb={hint === undefined ? 'md' : 4} id={id}>
        {title}
      </Title>
      {hint !== undefined && (
        <Text size="sm" c="dimmed" mb="lg">
          {hint}
        </Text>
      )}
      {data !== undefined && children(data as Data)}
      {data === undefined && error === undefined && (
        <Skeleton height={height} aria-busy="true" aria-label={t('settings.page.loading')} />
      )}
      {data === undefined && error !== undefined && (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      )}
    </Card>
  )
}

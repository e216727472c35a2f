import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { usePages } from '../ui/use-pages'
import { OperationsTable } from './OperationsTable'
import { operationsAddress } from './operations-search'

interface Props {
  /** The user whose profile it is. */
  userId: string
  name: string
  /** True if it is the viewer's own profile. */
  own: boolean
  /** True if the viewer may see the operations of all users. */
  seesAll: boolean
}

/** The operations on one profile. */
export const OperationsTab = ({ userId, name, own, seesAll }: Props) => {
  const { t } = useLocale()
  const { variables, buttonProps } = usePages(25)
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {own ? t('operations.tab.introOwn') : t('operations.tab.intro')}
        {seesAll && (
          <>
            {' '}
            <Anchor component={Link} to={`/account/operations?actor=${userId}`} size="sm">
              {own ? t('operations.tab.byYou') : t('operations.tab.by', { name })}
            </Anchor>
          </>
        )}
      </Text>
      <OperationsTable
        variables={{ ...variables, filter: { subjectId: userId } }}
        filterLink={seesAll ? operationsAddress : null}
        none={{ title: own ? t('operations.tab.emptyOwn') : t('operations.tab.empty') }}
        {...buttonProps}
      />
    </Stack>
  )
}

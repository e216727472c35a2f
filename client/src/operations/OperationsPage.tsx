import { Alert, Button, Group, Stack, VisuallyHidden } from '@mantine/core'
import { IconDownload, IconLock } from '@tabler/icons-react'
import { useRef } from 'react'
import { useSearchParams } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { Intro, PageTitle } from '../ui/PageTitle'
import { DeletedOperations } from './DeletedOperations'
import { FilterChips } from './FilterChips'
import { OperationFilters } from './OperationFilters'
import { OperationsTable } from './OperationsTable'
import {
  exportAddressOf,
  filterProblemsOf,
  type OperationsSearch,
  operationsAddress,
  readOperationsSearch,
  variablesOf,
  writeOperationsSearch,
} from './operations-search'

/** The operation list. Its filters and page are kept in the URL. */
export const OperationsPage = () => {
  const { t, tag } = useLocale()
  const { viewer } = useViewer()
  const [parameters, setParameters] = useSearchParams()
  const filterGroup = useRef<HTMLDivElement>(null)
  const shown = readOperationsSearch(parameters)
  const show = (change: Partial<OperationsSearch>) =>
    // A changed filter starts at the first page.
    setParameters(writeOperationsSearch({ ...shown, after: null, before: null, ...change }))

  if (viewer?.permissions.includes('operations.read') !== true) {
    return (
      <Stack>
        <PageTitle title={t('operations.page.title')} />
        <Alert icon={<IconLock />} title={t('operations.page.forbiddenTitle')}>
          {t('operations.page.forbidden')}
        </Alert>
      </Stack>
    )
  }

  const problems = filterProblemsOf(t, shown)
  const problemTexts = Object.values(problems)
  const fits = problemTexts.length === 0
  const filters = { ...shown, after: null, before: null }
  const filterCount = writeOperationsSearch(filters).size
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Intro title={t('operations.page.title')}>{t('operations.page.intro')}</Intro>
        {fits && (
          <Button
            component="a"
            href={exportAddressOf(shown, tag)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('operations.page.export')}
          </Button>
        )}
      </Group>
      <OperationFilters group={filterGroup} shown={shown} count={filterCount} onChange={show} />
      {filterCount > 0 && (
        <FilterChips
          shown={shown}
          onChange={show}
          onNone={() => filterGroup.current?.focus({ preventScroll: true })}
        />
      )}
      <OperationsTable
        variables={variablesOf(shown)}
        refused={
          fits ? undefined : (
            <>
              {t('operations.filter.correct')}
              <VisuallyHidden> {problemTexts.join(' ')}</VisuallyHidden>
            </>
          )
        }
        filterLink={change => operationsAddress({ ...filters, ...change })}
        none={
          filterCount > 0
            ? { title: t('operations.list.noMatch'), hint: t('operations.list.noMatchHint') }
            : { title: t('operations.list.empty') }
        }
        onPrevious={before => show({ before })}
        onNext={after => show({ after })}
      />
      <DeletedOperations />
    </Stack>
  )
}

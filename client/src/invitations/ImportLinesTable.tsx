import { Box, Card, Table, Text, VisuallyHidden } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { PageButtons } from '../ui/PageButtons'
import { roleMessages } from '../users/badges'
import { Login } from '../users/Login'
import { type ImportField, importFieldMessages, importFields } from './column-names'
import classes from './ImportLinesTable.module.css'
import type { ImportLine } from './import-lines'
import type { StoredProfile } from './use-invite-users'

const pageSize = 50

interface Props {
  /** The name of the table for screen readers. */
  label: string
  lines: readonly ImportLine[]
  /** Returns the problems of a line; undefined until they are known. */
  problemsOf: (line: ImportLine) => readonly string[] | undefined
  /** Returns the profile as the server will store it; undefined until it is known. */
  profileOf?: ProfileOf
}

const Outcome = ({ problems }: { problems: readonly string[] | undefined }) => {
  const { t } = useLocale()
  if (problems === undefined) return <Text c="dimmed">{t('invitations.lines.unchecked')}</Text>
  if (problems.length === 0) return <Text c="dimmed">{t('invitations.lines.ready')}</Text>
  return (
    <Text c="var(--mantine-color-error)" fw={500}>
      {problems.join(' ')}
    </Text>
  )
}

type OtherField = Exclude<ImportField, 'login'>
type ProfileOf = (line: ImportLine) => StoredProfile | undefined

/**
 * The value of each field that will be stored, except the login. Until the server has answered, the
 * value in the file.
 */
const stored = (
  t: Translate,
  line: ImportLine,
  profileOf: ProfileOf,
): Record<OtherField, string> => {
  const { invitee } = line
  const profile = profileOf(line)
  return {
    firstName: profile?.firstName ?? invitee.firstName,
    lastName: profile?.lastName ?? invitee.lastName ?? '',
    phone: profile?.phoneFormatted ?? invitee.phone ?? '',
    language: profile?.language ?? invitee.language ?? t('invitations.language.default'),
    role: t(roleMessages[invitee.role ?? 'MEMBER']),
    externalId: profile?.externalId ?? invitee.externalId ?? '',
  }
}

const otherFields = importFields.filter((field): field is OtherField => field !== 'login')

/** The fields that have a column. Few files have external ids, so that their column needs a reason. */
const fieldsOf = (lines: readonly ImportLine[]): OtherField[] => {
  const hasIds = lines.some(
    ({ invitee, notUnderstood }) =>
      invitee.externalId != null || notUnderstood.externalId !== undefined,
  )
  return otherFields.filter(field => field !== 'externalId' || hasIds)
}

interface ValueProps {
  line: ImportLine
  field: OtherField
  profileOf: ProfileOf
}

/** Shows a value that will be stored, or marks the text of a cell that was not understood. */
const Value = ({ line, field, profileOf }: ValueProps) => {
  const { t } = useLocale()
  const text = line.notUnderstood[field]
  if (text === undefined) return <bdi>{stored(t, line, profileOf)[field]}</bdi>
  return (
    <Text span inherit c="var(--mantine-color-error)" td="underline wavy">
      <bdi>{text.slice(0, 100)}</bdi>
      <VisuallyHidden> {t('invitations.lines.notUnderstood')}</VisuallyHidden>
    </Text>
  )
}

/** The fields below the login, on screens without room for a column for each field. */
const Details = ({ line, profileOf }: Omit<ValueProps, 'field'>) => {
  const { t } = useLocale()
  return (
    <Box component="dl" className={classes.details} hiddenFrom="lg">
      {otherFields
        .filter(
          field =>
            line.notUnderstood[field] !== undefined || stored(t, line, profileOf)[field] !== '',
        )
        .map(field => (
          <div key={field}>
            <dt>{t(importFieldMessages[field])}</dt>
            <dd>
              <Value line={line} field={field} profileOf={profileOf} />
            </dd>
          </div>
        ))}
    </Box>
  )
}

/** The lines of a file with their numbers, the values that will be stored and the problems. */
export const ImportLinesTable = ({
  label,
  lines,
  problemsOf,
  profileOf = () => undefined,
}: Props) => {
  const { t } = useLocale()
  const list = useRef<HTMLElement>(null)
  const [start, setStart] = useState(0)
  useEffect(() => setStart(before => (before < lines.length ? before : 0)), [lines.length])
  const fields = useMemo(() => fieldsOf(lines), [lines])
  const shown = lines.slice(start, start + pageSize)
  return (
    <section ref={list} aria-label={label}>
      <Card withBorder padding={0}>
        <Table
          className={classes.table}
          verticalSpacing="xs"
          horizontalSpacing="xs"
          aria-label={label}
          fz="sm"
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.line}>{t('invitations.lines.line')}</Table.Th>
              <Table.Th className={classes.login}>{t(importFieldMessages.login)}</Table.Th>
              {fields.map(field => (
                <Table.Th key={field} className={classes[field]} visibleFrom="lg">
                  {t(importFieldMessages[field])}
                </Table.Th>
              ))}
              <Table.Th visibleFrom="sm">{t('invitations.lines.outcome')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(line => (
              <Table.Tr key={line.line}>
                <Table.Td>{line.line}</Table.Td>
                <Table.Td className={classes.login}>
                  <Login login={profileOf(line)?.login ?? line.invitee.login} />
                  <Details line={line} profileOf={profileOf} />
                  <Box className={classes.outcome} hiddenFrom="sm">
                    <Outcome problems={problemsOf(line)} />
                  </Box>
                </Table.Td>
                {fields.map(field => (
                  <Table.Td key={field} className={classes.text} visibleFrom="lg">
                    <Value line={line} field={field} profileOf={profileOf} />
                  </Table.Td>
                ))}
                <Table.Td className={classes.outcome} visibleFrom="sm">
                  <Outcome problems={problemsOf(line)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
      <PageButtons
        list={list}
        pageInfo={{
          hasPreviousPage: start > 0,
          hasNextPage: start + pageSize < lines.length,
        }}
        onPrevious={() => setStart(start - pageSize)}
        onNext={() => setStart(start + pageSize)}
      />
    </section>
  )
}

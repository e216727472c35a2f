import { Box, Card, Table, Text, VisuallyHidden } from '@mantine/core'
import { Fragment, useEffect, useRef, useState } from 'react'
import { PageButtons } from '../ui/PageButtons'
import { roleNames } from '../users/badges'
import { type ImportField, importFieldNames } from './column-names'
import classes from './ImportLinesTable.module.css'
import type { ImportLine } from './import-lines'
import type { StoredProfile } from './use-invite-users'

const pageSize = 50

interface Props {
  /** What the table is called for those who don't see it. */
  label: string
  lines: readonly ImportLine[]
  /** What is wrong with a line; undefined while that is not known. */
  problemsOf: (line: ImportLine) => readonly string[] | undefined
  /** The profile as the server will store it; undefined while that is not known. */
  profileOf?: ProfileOf
}

const Outcome = ({ problems }: { problems: readonly string[] | undefined }) => {
  if (problems === undefined) return <Text c="dimmed">Not checked yet</Text>
  if (problems.length === 0) return <Text c="dimmed">Ready</Text>
  return (
    <Text c="var(--mantine-color-error)" fw={500}>
      {problems.join(' ')}
    </Text>
  )
}

/** Where there is no room for it in one line, it goes on in the next with the @ or a dot. */
const Login = ({ login }: { login: string }) =>
  login.split(/(?=[@.])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts have nothing but their order.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))

type OtherField = Exclude<ImportField, 'login'>
type ProfileOf = (line: ImportLine) => StoredProfile | undefined

/** What will be stored of each field besides the login; of the file, until the server has answered. */
const stored = (line: ImportLine, profileOf: ProfileOf): Record<OtherField, string> => {
  const { invitee } = line
  const profile = profileOf(line)
  return {
    firstName: profile?.firstName ?? invitee.firstName,
    lastName: profile?.lastName ?? invitee.lastName ?? '',
    phone: profile?.phoneFormatted ?? invitee.phone ?? '',
    language: profile?.language ?? invitee.language ?? 'Account default',
    role: roleNames[invitee.role ?? 'MEMBER'],
  }
}

const fields = Object.keys(importFieldNames).filter(
  (field): field is OtherField => field !== 'login',
)

interface ValueProps {
  line: ImportLine
  field: OtherField
  profileOf: ProfileOf
}

/** A value that will be stored; or, marked, the text of a cell that was not understood. */
const Value = ({ line, field, profileOf }: ValueProps) => {
  const text = line.notUnderstood[field]
  if (text === undefined) return stored(line, profileOf)[field]
  return (
    <Text span inherit c="var(--mantine-color-error)" td="underline wavy">
      {text.slice(0, 100)}
      <VisuallyHidden> (not understood)</VisuallyHidden>
    </Text>
  )
}

/** The fields below the login, where there is no room for a column for each. */
const Details = ({ line, profileOf }: Omit<ValueProps, 'field'>) => (
  <Box component="dl" className={classes.details} hiddenFrom="lg">
    {fields
      .filter(
        field => line.notUnderstood[field] !== undefined || stored(line, profileOf)[field] !== '',
      )
      .map(field => (
        <div key={field}>
          <dt>{importFieldNames[field]}</dt>
          <dd>
            <Value line={line} field={field} profileOf={profileOf} />
          </dd>
        </div>
      ))}
  </Box>
)

/** Lines of a file by their numbers, with what will be stored and what is wrong with each. */
export const ImportLinesTable = ({
  label,
  lines,
  problemsOf,
  profileOf = () => undefined,
}: Props) => {
  const list = useRef<HTMLElement>(null)
  const [start, setStart] = useState(0)
  useEffect(() => setStart(before => (before < lines.length ? before : 0)), [lines.length])
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
              <Table.Th className={classes.line}>Line</Table.Th>
              <Table.Th className={classes.login}>{importFieldNames.login}</Table.Th>
              {fields.map(field => (
                <Table.Th key={field} className={classes[field]} visibleFrom="lg">
                  {importFieldNames[field]}
                </Table.Th>
              ))}
              <Table.Th visibleFrom="sm">Outcome</Table.Th>
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

import { Card, Table, Text } from '@mantine/core'
import { Fragment, useEffect, useRef, useState } from 'react'
import { PageButtons } from '../ui/PageButtons'
import { roleNames } from '../users/badges'
import classes from './ImportLinesTable.module.css'
import type { ImportLine } from './users-csv'

const pageSize = 50

interface Props {
  /** What the table is called for those who don't see it. */
  label: string
  lines: readonly ImportLine[]
  /** What is wrong with a line; undefined while that is not known. */
  problemsOf: (line: ImportLine) => readonly string[] | undefined
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

/** Lines of a file by their numbers, with what is wrong with each. */
export const ImportLinesTable = ({ label, lines, problemsOf }: Props) => {
  const list = useRef<HTMLElement>(null)
  const [start, setStart] = useState(0)
  useEffect(() => setStart(before => (before < lines.length ? before : 0)), [lines.length])
  const shown = lines.slice(start, start + pageSize)
  return (
    <section ref={list} aria-label={label}>
      <Card withBorder padding={0}>
        <Table verticalSpacing="xs" horizontalSpacing="sm" aria-label={label} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes.line}>Line</Table.Th>
              <Table.Th>Login</Table.Th>
              <Table.Th visibleFrom="md">Name</Table.Th>
              <Table.Th visibleFrom="md">Role</Table.Th>
              <Table.Th>Outcome</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(line => (
              <Table.Tr key={line.line}>
                <Table.Td>{line.line}</Table.Td>
                <Table.Td className={classes.login}>
                  <Login login={line.invitee.login} />
                </Table.Td>
                <Table.Td className={classes.text} visibleFrom="md">
                  {line.invitee.firstName} {line.invitee.lastName}
                </Table.Td>
                <Table.Td visibleFrom="md">{roleNames[line.invitee.role ?? 'MEMBER']}</Table.Td>
                <Table.Td className={classes.outcome}>
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

import { lazy, Suspense, useState } from 'react'
import { RowMenuButton } from './RowMenuButton'
import type { RowUser } from './UserRowMenu'

const UserRowMenu = lazy(() =>
  import('./UserRowMenu').then(part => ({ default: part.UserRowMenu })),
)

/** The menu at the end of a user's row. It is loaded when it is first opened. */
export const RowMenu = ({ user }: { user: RowUser }) => {
  const [used, setUsed] = useState(false)
  if (!used) return <RowMenuButton name={user.name} onClick={() => setUsed(true)} />
  return (
    <Suspense fallback={<RowMenuButton name={user.name} loading />}>
      <UserRowMenu user={user} />
    </Suspense>
  )
}

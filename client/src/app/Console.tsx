import './signed-in-styles'
import { useState } from 'react'
import { RouterProvider } from 'react-router'
import { createRouter } from './routes'

/** All pages, with the router that leads from one to another. */
export const Console = () => {
  const [router] = useState(createRouter)
  // In a transition, a query that fails renders the old address again, and so asks for the
  // old page anew, without end.
  return <RouterProvider router={router} useTransitions={false} />
}

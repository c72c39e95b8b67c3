/** Words as the server or a service said them: in English, whatever the page speaks. */
import type { ReactNode } from 'react'

export function ServerWords({ children }: { children: ReactNode }) {
  return <span lang="en">{children}</span>
}

export function Quote({ children }: { children: ReactNode }) {
  return (
    <blockquote className="page-quote" lang="en">
      {children}
    </blockquote>
  )
}

/** Who of a cluster stays. Pure. */
import type { Person } from '../model/index.ts'
import { leadPerson } from '../projection/index.ts'
import type { SurvivorRule } from './report.ts'

/** `dealsOf`: how many deals a person has. Ties of `oldest` go to the lowest id, those of `most_deals` to the lead person. */
export function chooseSurvivor(
  persons: readonly Person[],
  rule: SurvivorRule,
  dealsOf: (personId: number) => number,
): Person {
  switch (rule) {
    case 'lead':
      return leadPerson(persons)
    case 'oldest':
      return persons.reduce((best, person) => (isOlder(person, best) ? person : best))
    case 'most_deals': {
      const most = Math.max(...persons.map(({ id }) => dealsOf(id)))
      return leadPerson(persons.filter(({ id }) => dealsOf(id) === most))
    }
  }
}

/** Without a time of adding, the id tells: Pipedrive counts upwards. */
function isOlder(a: Person, b: Person): boolean {
  if (a.addedAt === null || b.addedAt === null || a.addedAt === b.addedAt) return a.id < b.id
  return a.addedAt < b.addedAt
}

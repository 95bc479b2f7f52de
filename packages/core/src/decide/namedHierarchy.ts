import type { Hierarchy } from '../document/configuration.ts';
import type { HierarchyId } from '../vocabulary.ts';

/** A hierarchy of the configuration with its lasting name. */
export type NamedHierarchy = Readonly<{ id: HierarchyId; hierarchy: Hierarchy }>;

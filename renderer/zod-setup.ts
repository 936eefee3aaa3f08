import { z } from 'zod';

// The page's policy forbids eval; without this zod would probe for it, and each start would log a violation.
z.config({ jitless: true });

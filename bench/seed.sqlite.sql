BEGIN;
INSERT INTO Projects (id, title) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @PROJECTS@) SELECT i, 'project ' || i FROM n;
INSERT INTO Tasks (id, title, done, ProjectId) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20 * @PROJECTS@) SELECT i, 'task number ' || i, i % 2, 1 + (i - 1) / 20 FROM n;
INSERT INTO UserProjects (UserId, ProjectId, status) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @PROJECTS@) SELECT 1 + (i - 1) / 10, i, CASE WHEN i % 3 = 0 THEN 'owner' ELSE 'member' END FROM n;
COMMIT;
ANALYZE;

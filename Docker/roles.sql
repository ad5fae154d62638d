-- The passwords of the roles, from files that only this job is given. No value is in a statement
-- that the server would log: statements are not logged, and errors without them.
\set service `cat /run/secrets/service_password`
\set worker `cat /run/secrets/worker_password`
set password_encryption = 'scram-sha-256';
set log_statement = 'none';
alter role rowan_service password :'service';
alter role rowan_worker password :'worker';

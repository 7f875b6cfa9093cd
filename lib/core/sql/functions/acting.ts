import type { EffectFamily } from './family';

/** Functions that do more than read, whatever schema they are called in: an extension can be installed in any. */
export const ACTING: readonly EffectFamily[] = [
  { kind: 'write', because: 'moves a sequence, which no rollback undoes', names: 'nextval setval' },
  { kind: 'write', because: 'makes or opens a large object', names: 'lo_creat lo_create lo_from_bytea lo_open lo_close lo_lseek lo_lseek64 lo_tell lo_tell64 loread' },
  { kind: 'write', destructive: true, because: 'overwrites or deletes a large object', names: 'lo_unlink lo_put lo_truncate lo_truncate64 lowrite' },
  { kind: 'write', because: 'writes to the log that replicas follow', names: 'pg_logical_emit_message pg_create_restore_point pg_switch_wal pg_log_standby_snapshot' },
  { kind: 'write', because: 'takes a transaction number', names: 'pg_current_xact_id txid_current pg_nextoid' },
  {
    kind: 'write', because: 'resets or replaces statistics',
    names: `pg_stat_reset pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared pg_stat_reset_single_function_counters
      pg_stat_reset_single_table_counters pg_stat_reset_slru pg_stat_reset_subscription_stats pg_stat_statements_reset pg_clear_attribute_stats
      pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats`,
  },
  { kind: 'session', because: 'changes a setting of the session', names: 'set_config setseed' },
  { kind: 'session', because: 'tells other sessions something', names: 'pg_notify' },
  {
    kind: 'session', because: 'takes or gives back a lock that other sessions wait for',
    names: `pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock
      pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared`,
  },
  { kind: 'session', because: 'waits', names: 'pg_sleep pg_sleep_for pg_sleep_until' },
  { kind: 'session', because: 'keeps a snapshot for other sessions', names: 'pg_export_snapshot' },
  { kind: 'session', because: 'ends or disturbs another session', names: 'pg_terminate_backend pg_cancel_backend pg_log_backend_memory_contexts' },
  {
    kind: 'session', because: 'steers the server',
    names: `pg_reload_conf pg_rotate_logfile pg_rotate_logfile_old pg_promote pg_wal_replay_pause pg_wal_replay_resume pg_backup_start pg_backup_stop
      pg_stat_clear_snapshot pg_stat_force_next_flush`,
  },
  {
    kind: 'schema', because: 'changes an index or the catalog',
    names: `brin_desummarize_range brin_summarize_new_values brin_summarize_range gin_clean_pending_list pg_import_system_collations
      pg_extension_config_dump pg_stop_making_pinned_objects`,
  },
  {
    kind: 'external', because: 'reads or writes files of the server',
    names: `lo_import lo_export pg_read_file pg_read_file_old pg_read_binary_file pg_stat_file pg_ls_archive_statusdir pg_ls_dir pg_ls_logdir
      pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_ls_tmpdir pg_ls_waldir pg_available_wal_summaries
      pg_wal_summary_contents pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings pg_config pg_file_write pg_file_rename pg_file_unlink
      pg_file_sync pg_logdir_ls`,
  },
  {
    kind: 'external', because: 'reaches another server',
    names: `dblink dblink_exec dblink_connect dblink_connect_u dblink_disconnect dblink_open dblink_fetch dblink_close dblink_send_query dblink_get_result
      dblink_get_connections dblink_cancel_query dblink_is_busy dblink_get_notify dblink_error_message postgres_fdw_disconnect
      postgres_fdw_disconnect_all query_export_to_s3 table_import_from_s3 http_get http_post http_put http_delete http`,
  },
  {
    kind: 'external', because: 'changes replication',
    names: `pg_create_logical_replication_slot pg_create_physical_replication_slot pg_copy_logical_replication_slot pg_copy_physical_replication_slot
      pg_logical_slot_get_binary_changes pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes
      pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_session_reset pg_replication_origin_session_setup
      pg_replication_origin_xact_reset pg_replication_origin_xact_setup pg_replication_slot_advance pg_sync_replication_slots`,
  },
  { kind: 'external', destructive: true, because: 'ends replication', names: 'pg_drop_replication_slot pg_replication_origin_drop' },
  {
    kind: 'unknown', because: 'runs SQL that it is given as text, or reads what it is given by name',
    names: `query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema table_to_xml table_to_xmlschema
      table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema
      database_to_xml_and_xmlschema ts_stat ts_rewrite crosstab crosstab2 crosstab3 crosstab4 crosstabn connectby xpath_table`,
  },
  {
    kind: 'unknown', because: 'runs the checks of a type that it is given by name or number',
    names: 'pg_input_is_valid pg_input_error_info domain_in array_in record_in range_in multirange_in',
  },
];

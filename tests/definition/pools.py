"""What may stand in the fields of generated definitions: values that look as in real ones."""

from __future__ import annotations

from collections.abc import Mapping

POOLS: Mapping[str, tuple[str, ...]] = {
    # Of any object. The first value of each is never the default of the service.
    "myComment": ("written by a test", "Größe: 5 €", 'it\'s "ours"', "a #{name}"),
    "myOwner": ("shop", "#{myTable} of all"),
    "*mySecret": ("hush",),
    # Of what runs.
    "attemptStatus": ("tried", "again"),
    "attemptTimeout": ("1 hour", "60 Minutes", "2 days"),
    "lateAfterTimeout": ("30 minutes", "1 Hour", "1 day"),
    "reportProgressTimeout": ("30 minutes", "1 hour"),
    "retryDelay": ("5 minutes", "10 Minutes", "1 hour"),
    "preconditionTimeout": ("2 hours", "30 minutes", "1 Day"),
    "initTimeout": ("20 minutes", "1 hour"),
    "terminateAfter": ("2 hours", "90 Minutes", "1 day"),
    "maximumRetries": ("2", "0", "1", "3", "5", "#{myCount}"),
    "maxActiveInstances": ("3", "1", "5"),
    "pipelineLogUri": ("s3://shop-logs/pipelines/", "#{myBucket}/logs"),
    "workerGroup": ("office", "wg-#{myTable}"),
    "role": ("shop-pipeline", "DataPipelineDefaultRole"),
    "resourceRole": ("shop-machines", "DataPipelineDefaultResourceRole"),
    # Of schedules; `period` is drawn from PERIODS.
    "startDateTime": ("2026-01-01T00:00:00", "2026-02-03T04:05:00", "2026-01-31T22:00:00Z"),
    "endDateTime": ("2029-01-01T00:00:00", "2030-06-30T12:00:00"),
    "startAt": ("FIRST_ACTIVATION_DATE_TIME",),
    "occurrences": ("4", "1", "31"),
    # Of data.
    "filePath": (
        "s3://shop/orders.csv",
        "s3://shop/orders/#{format(@scheduledStartTime, 'YYYY-MM-dd')}.csv",
        "#{myBucket}/orders/#{format(minusDays(@scheduledStartTime, 1), 'YYYY/MM/dd')}/all.csv",
    ),
    "directoryPath": (
        "s3://shop/orders/",
        "s3://shop/stock",
        "s3://shop/orders/#{format(@scheduledStartTime,'YYYY-MM-dd-HH')}/",
        "#{myBucket}/#{@scheduledStartTime}",
    ),
    "manifestFilePath": ("s3://shop/orders.manifest", "#{myBucket}/orders.manifest"),
    "compression": ("gzip", "none"),
    "s3EncryptionType": ("NONE", "SERVER_SIDE_ENCRYPTION"),
    "tableName": ("orders", "#{myTable}"),
    "table": ("orders", "#{myTable}"),
    "schemaName": ("sales", "stock"),
    "primaryKeys": ("id", "day"),
    "createTableSql": ("create table if not exists orders (id int primary key, day date)",),
    "insertQuery": (
        "insert into #{table} (id, day) values (?, ?)",
        "insert into orders values (?)",
    ),
    "selectQuery": (
        "select * from #{table}",
        "select * from orders where day >= '#{format(@scheduledStartTime, 'YYYY-MM-dd')}'",
        "select id from #{myTable} where day < '#{@scheduledEndTime}'",
    ),
    "readThroughputPercent": ("0.25", "1.0", ".5", "#{myRate}"),
    "writeThroughputPercent": ("0.4", "0.1", "#{myRate}"),
    # Of formats.
    "column": ("id INT", "day TIMESTAMP", "city STRING", "price DOUBLE"),
    "DynamoDBDataFormat.column": ("id BIGINT", "city STRING", "price DOUBLE"),
    "DynamoDBExportDataFormat.column": ("id BIGINT", "city STRING", "price DOUBLE"),
    "columnSeparator": ("|", ";", ","),
    "recordSeparator": (";", "\n"),
    "escapeChar": ("\\", "^"),
    "inputRegEx": (r"([^ ]*) ([^ ]*)", r"^(\d+);(.*)$"),
    "outputFormat": ("%1$s %2$s",),
    # Of databases.
    "connectionString": ("jdbc:mysql://db.shop.example:3306/shop", "jdbc:postgresql://db/shop"),
    "RedshiftDatabase.connectionString": ("jdbc:redshift://shop.example:5439/shop",),
    "databaseName": ("shop", "stock"),
    "clusterId": ("shop-cluster",),
    "rdsInstanceId": ("shop-db",),
    "jdbcDriverClass": ("com.mysql.jdbc.Driver", "org.postgresql.Driver"),
    "jdbcDriverJarUri": ("s3://shop/jars/mysql-connector.jar",),
    "jdbcProperties": ("useSSL=true", "connectTimeout=10"),
    "username": ("clerk", "reader"),
    "*password": ("#{*myPassword}", "hush"),
    "region": ("eu-west-1", "us-east-1"),
    # Of work.
    "command": (
        "./load",
        "echo #{@scheduledStartTime} #{@scheduledEndTime}",
        "./load --day #{format(@scheduledStartTime, 'YYYY-MM-dd')} --table #{myTable}",
        "aws s3 ls #{input.directoryPath} && ./count #{myCount}",
        "cp ${INPUT1_STAGING_DIR}/* ${OUTPUT1_STAGING_DIR}/",
        "set -e\n./load \"Zürich\" 'Genève'\n./clean > /dev/null",
        "./mail #{myOwner}",
    ),
    "ShellCommandPrecondition.command": ("./ready", "test -e /data/#{myTable}"),
    "script": (
        "insert into days select '#{format(@scheduledStartTime, 'YYYY-MM-dd')}';",
        "delete from #{myTable};\nvacuum;",
    ),
    "PigActivity.script": (
        "part = limit ${input1} 10; ${output1} = foreach part generate id;",
        "a = load '#{input.directoryPath}' using PigStorage(',');",
    ),
    "hiveScript": (
        "insert overwrite table ${output1} select * from ${input1};",
        "drop table if exists day; create table day as select '#{@scheduledStartTime}';",
        "select * from #{input.tableName};",
    ),
    "filterSql": ("price > #{myCount}", "city = 'Bern'"),
    "transformSql": ("select id, day from staging", "select * from staging where city = 'Bern'"),
    "scriptUri": ("s3://shop/scripts/load.sql", "#{myBucket}/scripts/load.sh"),
    "scriptArgument": ("one", "#{format(@scheduledStartTime, 'YYYYMMdd')}", "#{myDays}", "a b"),
    "ShellScriptConfig.scriptArgument": ("one", "#{myTable}", "two words"),
    "scriptVariable": ("DAY=#{format(@scheduledStartTime, 'YYYY-MM-dd')}", "CITY=Bern"),
    "generatedScriptsPath": ("s3://shop/generated/",),
    "stdout": ("s3://shop-logs/out/",),
    "stderr": ("s3://shop-logs/err/",),
    "step": (
        "s3://shop/jars/count.jar,com.shop.Count,-in,#{input.directoryPath}",
        "command-runner.jar,spark-submit,s3://shop/count.py,#{@scheduledStartTime}",
        "s3://shop/jars/count.jar,arg1,arg2",
    ),
    "preStepCommand": ("./prepare", "echo #{@scheduledStartTime}"),
    "postStepCommand": ("./clean", "echo done"),
    "argument": ("-days", "#{format(@scheduledEndTime, 'YYYY-MM-dd')}", "#{myDays}", "7"),
    "jarUri": ("s3://shop/jars/count.jar", "#{myBucket}/count.jar"),
    "mainClass": ("com.shop.Count",),
    "hadoopQueue": ("nightly",),
    "queue": ("nightly", "etl"),
    "commandOptions": ("DELIMITER '|'", "IGNOREHEADER 1", "TIMEFORMAT 'auto'"),
    "ShellCommandActivity.stage": ("true", "false"),
    "stage": ("false", "true"),
    "resizeClusterMaxInstances": ("10", "20"),
    # Of preconditions.
    "s3Key": (
        "s3://shop/orders/_SUCCESS",
        "#{myBucket}/#{format(node.@scheduledStartTime, 'YYYY')}/_SUCCESS",
    ),
    "s3Prefix": ("s3://shop/orders/", "#{myBucket}/orders"),
    # Of messages.
    "message": ("#{node.name} failed: #{node.errorMessage}", "the #{node.@status} of #{myTable}"),
    "subject": ("#{node.name} failed", "shop"),
    "topicArn": ("arn:aws:sns:eu-west-1:123456789012:shop", "#{myTopic}"),
    # Of machines.
    "actionOnResourceFailure": ("retryall", "retrynone"),
    "actionOnTaskFailure": ("continue", "terminate"),
    "availabilityZone": ("eu-west-1a",),
    "keyPair": ("shop-key",),
    "keypair": ("shop-key",),
    "subnetId": ("subnet-0a1b2c3d",),
    "imageId": ("ami-0a1b2c3d",),
    "instanceType": ("m5.large", "c5.xlarge"),
    "masterInstanceType": ("m5.xlarge",),
    "coreInstanceType": ("m5.large", "r5.xlarge"),
    "taskInstanceType": ("c5.xlarge",),
    "instanceCount": ("1",),
    "minInstanceCount": ("1",),
    "coreInstanceCount": ("4", "#{myCount}"),
    "taskInstanceCount": ("2",),
    "coreInstanceBidPrice": ("0.10",),
    "masterInstanceBidPrice": ("0.12",),
    "taskInstanceBidPrice": ("0.05",),
    "spotBidPrice": ("0.08",),
    "logUri": ("s3://shop-logs/machines/",),
    "emrLogUri": ("s3://shop-logs/clusters/",),
    "runAsUser": ("clerk",),
    "securityGroupIds": ("sg-0a1b2c3d", "sg-1b2c3d4e"),
    "securityGroups": ("office", "shop"),
    "additionalMasterSecurityGroupIds": ("sg-2c3d4e5f", "sg-3d4e5f6a"),
    "additionalSlaveSecurityGroupIds": ("sg-4e5f6a7b",),
    "emrManagedMasterSecurityGroupId": ("sg-5f6a7b8c",),
    "emrManagedSlaveSecurityGroupId": ("sg-6a7b8c9d",),
    "serviceAccessSecurityGroupId": ("sg-7b8c9d0e",),
    "amiVersion": ("3.11.0", "2.4.11"),
    "releaseLabel": ("emr-5.36.0", "emr-6.15.0"),
    "applications": ("spark", "hive", "pig"),
    "supportedProducts": ("mapr-m5",),
    "bootstrapAction": ("s3://shop/bootstrap/install.sh,arg1,arg2", "s3://shop/bootstrap/tune.sh"),
    "enableDebugging": ("true",),
    "hadoopVersion": ("2.4.0",),
    "installHive": ("latest", "0.13.1"),
    "classification": ("core-site", "hadoop-env", "spark-defaults"),
    "key": ("io.file.buffer.size", "HADOOP_HEAPSIZE"),
    "value": ("65536", "#{myCount}"),
    "hostname": ("proxy.shop.example",),
    "port": ("8080",),
    "windowsDomain": ("SHOP",),
    "windowsWorkgroup": ("OFFICE",),
    "volumesPerInstance": ("2", "1"),
    "volumeType": ("gp2", "io1"),
    "sizeInGB": ("100", "500"),
    "iops": ("1000",),
}
"""Values by the name of their field, or by that of its type and its own."""

PERIODS: tuple[tuple[str, ...], ...] = (
    ("1 day", "24 hours", "1 hour", "60 Minutes", "12 hours"),
    ("15 minutes", "30 Minutes", "1 Hour", "6 hours"),
    ("1 month", "1 week", "1 Day", "7 days"),
    ("1 year", "1 Month", "3 months"),
)
"""Periods of which none has more than 32 of another."""

PARAMETERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "myBucket": ("AWS::S3::ObjectKey", ("s3://shop",)),
    "myTable": ("String", ("orders", "stock")),
    "myTopic": ("String", ("arn:aws:sns:eu-west-1:123456789012:stock",)),
    "myCount": ("Integer", ("4", "2")),
    "myRate": ("Double", ("0.5", "0.75")),
    "myDays": ("String", ("Mon", "Tue", "Wed")),
    "*myPassword": ("String", ("hush",)),
}
"""The parameters that values speak of: type, and what each may be given; `myDays` is several."""

APART: tuple[tuple[str, str], ...] = (
    ("runsOn", "workerGroup"),
    ("directoryPath", "filePath"),
    ("filePath", "manifestFilePath"),
    ("database", "connectionString"),
    ("database", "username"),
    ("database", "*password"),
    ("releaseLabel", "amiVersion"),
    ("releaseLabel", "hadoopVersion"),
    ("releaseLabel", "supportedProducts"),
    ("releaseLabel", "installHive"),
    ("amiVersion", "applications"),
    ("amiVersion", "configuration"),
    ("securityGroups", "securityGroupIds"),
    ("securityGroups", "subnetId"),
    ("windowsDomain", "windowsWorkgroup"),
)  # fmt: skip
"""Fields that the guide says, or shows, to exclude each other."""

ALSO: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "CopyActivity": (("input",), ("output",)),
    "HiveCopyActivity": (("input",), ("output",)),
    "RedshiftCopyActivity": (("input",), ("output",)),
    "EmrActivity": (("step",),),
    "SqlDataNode": (("database", "connectionString"),),
    "MySqlDataNode": (("database", "connectionString"),),
    "RdsDatabase": (("databaseName",),),
    "RedshiftDatabase": (("databaseName",),),
    "EmrCluster": (("releaseLabel", "amiVersion"),),
    "Ec2Resource": (("instanceType",),),
    "RegEx": (("inputRegEx",), ("outputFormat",), ("column",)),
    "EbsConfiguration": (("ebsBlockDeviceConfig",),),
    "EbsBlockDeviceConfig": (("volumeSpecification",),),
    "VolumeSpecification": (("sizeInGB",), ("volumeType",)),
    "ShellScriptConfig": (("scriptUri",),),
    "MySqlDataNode.connectionString": (("username",), ("*password",)),
    "SqlDataNode.connectionString": (("username",), ("*password",)),
    "MySqlDataNode.username": (("connectionString",), ("*password",)),
    "SqlDataNode.username": (("connectionString",), ("*password",)),
    "MySqlDataNode.*password": (("connectionString",), ("username",)),
    "SqlDataNode.*password": (("connectionString",), ("username",)),
    "RedshiftDataNode.createTableSql": (("primaryKeys",),),
}
"""What a type, or a field of it, needs beside what the service insists on, to make sense."""

_S3, _SQL, _MYSQL = "S3DataNode", "SqlDataNode", "MySqlDataNode"
FLOWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "CopyActivity": ((_S3, _S3), (_SQL, _S3), (_S3, _SQL), (_MYSQL, _S3), (_S3, _MYSQL)),
    "HiveCopyActivity": (("DynamoDBDataNode", _S3), (_S3, "DynamoDBDataNode")),
    "RedshiftCopyActivity": (
        (_S3, "RedshiftDataNode"),
        ("DynamoDBDataNode", "RedshiftDataNode"),
        ("RedshiftDataNode", _S3),
    ),
}
"""From what to what an activity takes data that takes one thing to one other."""

USED_BY: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("CSV", "TSV", "Custom", "RegEx", "DynamoDBExportDataFormat"), (_S3, "dataFormat")
    ),
    "DynamoDBDataFormat": ("DynamoDBDataNode", "dataFormat"),
    _S3: ("ShellCommandActivity", "input"),
    "DynamoDBDataNode": ("HiveActivity", "input"),
    "DynamoDBDataNode.writeThroughputPercent": ("HiveActivity", "output"),
    **dict.fromkeys((_SQL, _MYSQL), ("CopyActivity", "input")),
    **dict.fromkeys(
        (f"{type_}.{name}" for type_ in (_SQL, _MYSQL) for name in ("insertQuery", "createTableSql")),
        ("CopyActivity", "output"),
    ),
    "RedshiftDataNode": ("RedshiftCopyActivity", "output"),
    **dict.fromkeys(
        ("DynamoDBDataExists", "DynamoDBTableExists", "Exists", "S3KeyExists", "S3PrefixNotEmpty"),
        (_S3, "precondition"),
    ),
    "ShellCommandPrecondition": ("ShellCommandActivity", "precondition"),
    "Ec2Resource": ("ShellCommandActivity", "runsOn"),
    "EmrCluster": ("EmrActivity", "runsOn"),
    **dict.fromkeys(("JdbcDatabase", "RdsDatabase", "RedshiftDatabase"), ("SqlActivity", "database")),
    "SnsAlarm": ("ShellCommandActivity", "onFail"),
    "Terminate": ("ShellCommandActivity", "onLateAction"),
    "Schedule": ("ShellCommandActivity", "schedule"),
    "HttpProxy": ("Ec2Resource", "httpProxy"),
    "EbsConfiguration": ("EmrCluster", "coreEbsConfiguration"),
    "EbsBlockDeviceConfig": ("EbsConfiguration", "ebsBlockDeviceConfig"),
    "VolumeSpecification": ("EbsBlockDeviceConfig", "volumeSpecification"),
    "EmrConfiguration": ("EmrCluster", "configuration"),
    "Property": ("EmrConfiguration", "property"),
    "ShellScriptConfig": ("HiveActivity", "preActivityTaskConfig"),
}  # fmt: skip
"""What uses an object of a type, or one with a certain field, and by which of its own fields."""

LEADS_TO: Mapping[str, tuple[str, ...]] = {
    "dependsOn": ("ShellCommandActivity", "SqlActivity", "EmrActivity", "CopyActivity", _S3),
    "onFail": ("SnsAlarm",),
    "onSuccess": ("SnsAlarm",),
    "onLateAction": ("SnsAlarm", "Terminate"),
    "SqlActivity.input": (_S3, _SQL, "RedshiftDataNode"),
    "HiveActivity.input": (_S3, "DynamoDBDataNode", _MYSQL),
    "HiveActivity.output": (_S3, "DynamoDBDataNode"),
    "S3DataNode.precondition": ("S3KeyExists", "S3PrefixNotEmpty", "Exists"),
    "EmrConfiguration.configuration": ("EmrConfiguration",),
}
"""Where a field leads, where the service would take more than makes sense."""

ATTRIBUTES: Mapping[str, str] = {
    "description": "what the shop says",
    "optional": "true",
    "watermark": "orders",
    "helpText": "see there",
    "helpLink": "https://shop.example/help",
}
"""What else may be said of any parameter."""

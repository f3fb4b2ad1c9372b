# The server's end of a session of another process, on this process's standard input and output: what 'pwsh -s' does, also for hosts that have no such switch.
$mediator = [psobject].Assembly.GetType('System.Management.Automation.Remoting.Server.StdIOProcessMediator')
$run = $mediator.GetMethod('Run', [Reflection.BindingFlags] 'NonPublic, Public, Static')
$null = $run.Invoke($null, [object[]]::new($run.GetParameters().Count))

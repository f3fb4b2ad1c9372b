@{
    RootModule        = 'EmptyModule.dll'
    ModuleVersion     = '1.0.0'
    FunctionsToExport = @()
    CmdletsToExport   = @('Get-Nothing')
    VariablesToExport = @()
    AliasesToExport   = @()
}

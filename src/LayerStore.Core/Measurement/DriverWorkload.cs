namespace LayerStore;

/// <summary>Something that a storage driver is measured at.</summary>
public enum DriverWorkload
{
    /// <summary>Importing an image of several layers.</summary>
    ImportImage,

    /// <summary>Making one container.</summary>
    CreateContainer,

    /// <summary>Mounting a container and dismounting it.</summary>
    MountContainer,

    /// <summary>Reading every file of the image through a container.</summary>
    ReadFiles,

    /// <summary>Making small files in a container, until they are on the disk.</summary>
    CreateFiles,

    /// <summary>Appending one byte to each small file of the image, until it is on the disk.</summary>
    CopyUpSmallFiles,

    /// <summary>Overwriting one byte in the middle of a big file of the image, until it is on the disk.</summary>
    CopyUpBigFile,

    /// <summary>Deleting every small file of the image in a container.</summary>
    DeleteFiles,

    /// <summary>Removing a container that was written to.</summary>
    RemoveContainer,

    /// <summary>Making many containers, one after the other.</summary>
    CreateManyContainers,

    /// <summary>Measuring the sizes of many containers, as <c>docker ps -as</c>.</summary>
    MeasureManyContainers,
}
